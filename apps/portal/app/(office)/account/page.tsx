import { AccountScreen } from '../../../src/account/account-screen.tsx'

export default function Page() {
  return <AccountScreen />
}
