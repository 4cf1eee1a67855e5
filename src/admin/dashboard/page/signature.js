/** What an operation is signed with for a server that asks for it: schema/signatures.md, with the key that came with the socket. */
export async function signatureOf({ query, variables }, signingKey) {
  if (!crypto.subtle) throw new Error('This server takes signed operations only, and browsers sign over HTTPS only.')
  const timestamp = Date.now()
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(18)))
  const text = canonical(['tidemark-1', query, null, null, variables, timestamp, nonce])
  const key = await crypto.subtle.importKey('raw', bytesOf(signingKey), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const value = base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))))
  return { value, timestamp, nonce }
}

/** JSON by RFC 8785: names in order, nothing between. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const names = Object.keys(value).filter(name => value[name] !== undefined)
  return `{${names
    .sort()
    .map(name => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(',')}}`
}

const base64url = bytes =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const bytesOf = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0))
