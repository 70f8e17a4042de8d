import { NothingHere } from '../src/shell/nothing-here.tsx'

export default function NotFound() {
  return (
    <main style={{ maxWidth: '44rem', margin: '15vh auto 0', padding: '1rem' }}>
      <NothingHere />
    </main>
  )
}
