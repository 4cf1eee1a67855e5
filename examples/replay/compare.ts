import { createHash } from 'node:crypto'

const sorted = (fields: Record<string, unknown>) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))

/** The same for documents with the same fields. */
export const hashOf = (fields: Record<string, unknown>): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(fields)))
    .digest('hex')

/** The first path, in their order, on which two documents disagree; null when there is none. */
export function firstDifference(a: Record<string, unknown>, b: Record<string, unknown>): string | null {
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  const path = paths.find(path => JSON.stringify(a[path]) !== JSON.stringify(b[path]))
  return path === undefined ? null : `${path}: ${JSON.stringify(a[path]) ?? 'not there'} and ${JSON.stringify(b[path]) ?? 'not there'}`
}
