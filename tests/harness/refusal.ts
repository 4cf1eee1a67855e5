/** An error of an answer. */
export interface Refusal {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly field?: string; readonly [name: string]: unknown }
}

/** Thrown for an answer with errors by whoever wants the data alone. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly errors: readonly Refusal[]

  constructor(errors: readonly Refusal[]) {
    super(JSON.stringify(errors))
    this.errors = errors
  }
}
