import { AdministrationScreen } from '../../../src/administration/administration-screen.tsx'

export default function Page() {
  return <AdministrationScreen />
}
