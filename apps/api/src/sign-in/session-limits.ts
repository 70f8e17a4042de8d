/** A session ends twelve hours after it began, and after thirty minutes without a request. */
export const ABSOLUTE_MS = 12 * 3600 * 1000
export const IDLE_MS = 30 * 60 * 1000
/** How long a second factor just shown, or a password just set, opens the settings of signing in. */
export const ENROLMENT_MS = 15 * 60 * 1000
/** How long signing in itself counts as having proved oneself again. */
export const FRESH_MS = 2 * 60 * 1000
