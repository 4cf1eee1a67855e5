const dayMs = 86_400_000
/** Of four digits; others are written with a sign. */
const lastDay = Date.UTC(9999, 11, 31) / dayMs
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))

/** The day that was written last: instants that are shown together are mostly of one. */
let known = { day: Number.NaN, text: '' }

/** As `toISOString`, in less than half of its time: lists show an instant or two with each thing. @throws RangeError for a date that is none */
export function isoTime(date: Date): string {
  const time = date.getTime()
  const day = Math.floor(time / dayMs)
  if (!(day >= 0 && day <= lastDay)) return date.toISOString()
  if (day !== known.day) known = { day, text: new Date(day * dayMs).toISOString().slice(0, 11) }
  const ms = time - day * dayMs
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  const hour = twoDigits[Math.floor(minutes / 60)]
  return `${known.text}${hour}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}.${threeDigits[ms % 1000]}Z`
}
