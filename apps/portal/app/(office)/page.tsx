import { MyStudies } from '../../src/studies/my-studies.tsx'

export default function Page() {
  return <MyStudies />
}
