import type { Outputs } from '../../src/shell/trpc.ts'

const kinds = {
  real: 'Real study',
  demo: 'Demonstration',
  synthetic: 'Synthetic images',
} satisfies Record<Outputs['studies']['show']['kind'], string>

export default {
  kinds,
  mine: 'My studies',
  mineLead: 'The studies that you have a part in.',
  since: 'since {date}',
  noneTitle: 'No study yet',
  noneAdministrator:
    'Create the first study. It starts from the facet-joint protocol that comes with the product, and names its investigator, who then invites coordinators, readers and statisticians.',
  nonePerson: 'You have an account but no role in a study yet. Ask the investigator of your study to invite you.',
  create: 'Create a study',
}
