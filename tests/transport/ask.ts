export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string; readonly path?: unknown; readonly extensions: Record<string, unknown> }[]
  readonly text: string
}

/** Posts an operation. */
export async function ask(url: string, query: string, variables?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) }),
  )
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, ...(isJson ? JSON.parse(text) : {}) }
}

/** The `extensions.code` of each error. */
export const codesOf = ({ errors }: Pick<Answer, 'errors'>): unknown[] => (errors ?? []).map(error => error.extensions['code'])
