import { Suspense } from 'react'
import { SecondFactorScreen } from '../../../src/invitation/second-factor-screen.tsx'

export default function Page() {
  return (
    <Suspense>
      <SecondFactorScreen />
    </Suspense>
  )
}
