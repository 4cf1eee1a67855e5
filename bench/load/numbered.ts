/** What an event carries, so that a reader finds its number without parsing what came: a value with a length that is the same for all. */
export const valueFor = (number: number, length: number): string => `#${String(number).padStart(digits, '0')}`.padEnd(length, '.')

const hash = 35
const digits = 10

/** The number of the event that lies there, or -1 where it is something else. */
export function numberIn(data: Buffer, start: number, end: number): number {
  let at = start
  while (data[at] !== hash) if (++at >= end) return -1
  let number = 0
  for (let digit = 1; digit <= digits; digit++) number = number * 10 + (data[at + digit] ?? 48) - 48
  return number
}
