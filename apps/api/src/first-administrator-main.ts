import { connect } from '@facetgrade/db/connect'
import { storesIn } from '@facetgrade/db/stores'
import { inWall } from '@facetgrade/db/wall'
import { inviteFirstAdministrator } from '@facetgrade/study/people/invite'

// Prints the path of a new installation's invitation, nothing when the installation has people.
const url = process.env['DATABASE_URL']
if (!url) {
  process.stderr.write('DATABASE_URL is not set\n')
  process.exit(2)
}
const db = connect(url, { max: 1 })
const nobody = { userId: null, role: 'none', studyId: null, memberId: null } as const
const path = await inWall(db, nobody, (wall) => inviteFirstAdministrator(storesIn(wall).people))
if (path !== undefined) process.stdout.write(`${path}\n`)
await db.$disconnect()
