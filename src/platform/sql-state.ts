/** SQLSTATE (or the system's code) of a failed query, from wherever in the chain of causes the driver left it. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let fault = error, depth = 0; fault instanceof Error && depth < 8; fault = fault.cause, depth++) {
    if ('code' in fault && typeof fault.code === 'string') return fault.code
  }
  return undefined
}

/** A transaction that was rolled back only because of what ran beside it; doing it again is safe. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(sqlStateOf(error) ?? '')

const lostStates = /^(08...|57P0[1-5]|E(CONN|PIPE|TIMEDOUT|HOST|NET).*|ENOENT|ENOTFOUND|EAI_AGAIN)$/
const lostMessages =
  /connection terminated|not queryable|timeout exceeded when trying to connect|query read timeout|timeout expired|terminating connection/i

/** The database did not answer, or stopped doing so: what was under way may or may not have taken effect. */
export function isConnectionFault(error: unknown): boolean {
  if (lostStates.test(sqlStateOf(error) ?? '')) return true
  for (let fault = error, depth = 0; fault instanceof Error && depth < 8; fault = fault.cause, depth++) {
    if (lostMessages.test(fault.message) && !('severity' in fault)) return true
  }
  return false
}
