import { Suspense } from 'react'
import { InvitationScreen } from '../../../src/invitation/invitation-screen.tsx'

export default function Page() {
  return (
    <Suspense>
      <InvitationScreen />
    </Suspense>
  )
}
