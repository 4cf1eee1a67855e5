/** The server can't start; the message is a sentence that says what to do, and never holds a secret. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
