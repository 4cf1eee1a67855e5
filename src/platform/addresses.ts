import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import { ConfigError } from '../config.ts'

/** Whether an address, as `normalAddress` gives it, is one of a list. */
export type AddressList = (address: string) => boolean

/** `variable` names the setting the list comes from. @throws ConfigError for an entry that is neither an address nor a CIDR range */
export function createAddressList(variable: string, entries: readonly string[]): AddressList {
  const list = new BlockList()
  for (const entry of entries) add(list, variable, entry)
  return address => isIP(address) !== 0 && list.check(address, familyOf(address))
}

function add(list: BlockList, variable: string, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const bits = prefix === undefined ? null : Number(prefix)
  const widest = isIP(address) === 6 ? 128 : 32
  if (isIP(address) === 0 || (bits !== null && !(/^\d+$/.test(prefix ?? '') && bits <= widest))) {
    throw new ConfigError(`${variable}: ${entry} is neither an address nor a range such as 10.0.0.0/8 or fd00::/8.`)
  }
  if (bits === null) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, bits, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Without port, brackets, zone, and without the IPv6 clothes that IPv4 wears on a dual-stack socket. */
export function normalAddress(text: string): string {
  if (isIPv4(text)) return text
  const trimmed = text.trim()
  const bare = /^\[(.+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1] ?? trimmed
  return bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

/** Whoever has one IPv6 address has 2^64 of them, so these count as one; other text stays as it is. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const groups = tail === undefined ? before : [...before, ...new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
  return `${groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
