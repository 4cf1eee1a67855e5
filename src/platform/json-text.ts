import { randomUUID } from 'node:crypto'

/** A JSON value as the text that the database has of it. */
export interface JsonText {
  readonly text: string
  /** The value, for whoever does not know of such texts. */
  toJSON(): unknown
}

/** Stands in an answer for a text until the answer is one. Nobody outside knows it, so no value can hold it. */
const place = randomUUID()
const placeInAnswer = JSON.stringify(place)

/** The texts that the answer being written is waiting for; null while none is being written. */
let texts: string[] | null = null

export const jsonText = (text: string): JsonText => ({
  text,
  toJSON() {
    if (!texts) return JSON.parse(text)
    texts.push(text)
    return place
  },
})

/** No value that came as JSON has a function in it. */
export const isJsonText = (value: object): value is JsonText => 'toJSON' in value && typeof value.toJSON === 'function'

/** As `JSON.stringify`; what is there as text already is put in as it is. */
export function toJson(value: object): string {
  const found: string[] = []
  texts = found
  try {
    const answer = JSON.stringify(value)
    if (found.length === 0) return answer
    const [start = '', ...rest] = answer.split(placeInAnswer)
    return rest.reduce((before, part, index) => before + found[index] + part, start)
  } finally {
    texts = null
  }
}
