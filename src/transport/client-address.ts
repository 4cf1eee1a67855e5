import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { createAddressList, normalAddress } from '../platform/addresses.ts'

/** Address of whoever sent a request: behind trusted proxies the first one that none of them vouches for. */
export type ClientAddress = (request: IncomingMessage) => string

/** @throws ConfigError for an entry that is neither an address nor a CIDR range */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = createAddressList('TRUSTED_PROXIES', trustedProxies)
  const hasProxies = trustedProxies.length > 0

  return request => {
    const { remoteAddress } = request.socket
    if (!remoteAddress) return 'unknown'
    let client = normalAddress(remoteAddress)
    if (!hasProxies) return client
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',')
    // Read from the right: what stands left of the first address we do not trust may be invented.
    for (let hop = hops.pop(); hop !== undefined && isTrusted(client); hop = hops.pop()) {
      const address = normalAddress(hop)
      if (isIP(address) === 0) break
      client = address
    }
    return client
  }
}
