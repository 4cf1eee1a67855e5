/** A search in PostgreSQL's own notation, and its last word alone in the same: both as `websearch_to_tsquery` makes them. */
export interface ParsedSearch {
  readonly whole: string
  readonly lastWord: string
}

/** A lexeme as PostgreSQL prints it, what it doubles included. */
const lexeme = /'(?:[^'\\]|''|\\\\)*'/g

/** The word that may be still being typed; empty where the text ends with something finished, excluded or quoted. */
export function lastWordOf(text: string): string {
  const word = text.split(/\s/).at(-1) ?? ''
  return word.startsWith('-') || word.endsWith('"') ? '' : word
}

/** Lets the last word stand for every word that starts so. */
export function withPrefix({ whole, lastWord }: ParsedSearch): string {
  if (lastWord === '' || !whole.endsWith(lastWord)) return whole
  return whole.slice(0, whole.length - lastWord.length) + lastWord.replace(lexeme, found => `${found}:*`)
}
