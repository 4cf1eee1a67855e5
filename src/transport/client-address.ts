import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { ConfigError } from '../config.ts'

/** Address of whoever sent a request: behind trusted proxies the first one that none of them vouches for. */
export type ClientAddress = (request: IncomingMessage) => string

/** @throws ConfigError for an entry that is neither an address nor a CIDR range */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const entry of trustedProxies) trust(trusted, entry)
  const isTrusted = (address: string) => trusted.check(address, familyOf(address))

  return request => {
    let client = normalised(request.socket.remoteAddress ?? '')
    if (isIP(client) === 0) return 'unknown'
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',')
    // Read from the right: what stands left of the first address we do not trust may be invented.
    for (let hop = hops.pop(); hop !== undefined && isTrusted(client); hop = hops.pop()) {
      const address = normalised(hop)
      if (isIP(address) === 0) break
      client = address
    }
    return client
  }
}

function trust(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const bits = prefix === undefined ? null : Number(prefix)
  const widest = isIP(address) === 6 ? 128 : 32
  if (isIP(address) === 0 || (bits !== null && !(/^\d+$/.test(prefix ?? '') && bits <= widest))) {
    throw new ConfigError(`TRUSTED_PROXIES: ${entry} is neither an address nor a range such as 10.0.0.0/8 or fd00::/8.`)
  }
  if (bits === null) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, bits, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Without port, brackets, zone, and without the IPv6 clothes that IPv4 wears on a dual-stack socket. */
function normalised(text: string): string {
  const trimmed = text.trim()
  const bare = /^\[(.+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1] ?? trimmed
  return bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
