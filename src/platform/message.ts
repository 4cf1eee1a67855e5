/** The JSON of a message, or null for what has none (a cycle, a bigint). */
export function encode(message: unknown): string | null {
  try {
    return JSON.stringify(message) ?? 'null'
  } catch {
    return null
  }
}
