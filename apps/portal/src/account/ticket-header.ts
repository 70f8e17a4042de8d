/** The header under which the sign-in routes expect the ticket that people.reauthenticate gave. */
export const withTicket = (ticket: string | undefined): { headers?: Record<string, string> } =>
  ticket === undefined ? {} : { headers: { 'x-facetgrade-ticket': ticket } }
