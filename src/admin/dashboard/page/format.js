const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const compactNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

export const count = value => whole.format(value)
export const compact = value => (value < 10_000 ? whole.format(value) : compactNumber.format(value))
export const rate = value => (value >= 100 ? compact(value) : short.format(value))
export const milliseconds = value =>
  value === null || value === undefined ? '–' : value >= 1_000 ? `${short.format(value / 1_000)} s` : `${short.format(value)} ms`

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1)
  return `${short.format(value / 1024 ** power)} ${units[power]}`
}

export function duration(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min` : `${seconds} s`
}

export const timeOf = value => clock.format(new Date(value))
export const dayOf = value => day.format(new Date(value))
export const momentOf = value => moment.format(new Date(value))

/** Who somebody is, as well as it is known. */
export const nameOf = user => user.displayName ?? user.email ?? user.id
