import { Suspense } from 'react'
import { SignInScreen } from '../../../src/sign-in/sign-in-screen.tsx'

export default function Page() {
  return (
    <Suspense>
      <SignInScreen />
    </Suspense>
  )
}
