const maxBytes = 256 * 1024

export interface JsonAnswer {
  readonly status: number
  /** Empty unless the status is 200. */
  readonly body: Readonly<Record<string, unknown>>
}

/** Asks for a JSON object, for so long and no more than so much of it. Does not follow redirects: a token would follow too. */
export async function fetchJson(
  url: string,
  { timeoutMs, headers = {} }: { readonly timeoutMs: number; readonly headers?: Record<string, string> },
): Promise<JsonAnswer> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...headers },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    return { status: response.status, body: {} }
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error(`${url} answered with more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error(`${url} answered with something that is no JSON object.`)
  return { status: 200, body: body as Record<string, unknown> }
}
