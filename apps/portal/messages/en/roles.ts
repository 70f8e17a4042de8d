import type { Role } from '@facetgrade/grading/role'

export default {
  administrator: 'Administrator',
  investigator: 'Investigator',
  coordinator: 'Coordinator',
  reader: 'Reader',
  statistician: 'Statistician',
  modeller: 'Modeller',
  monitor: 'Monitor',
  system: 'System',
} satisfies Record<Role, string>
