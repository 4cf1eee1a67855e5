/** What a single answer may be. */
export type AnswerType = 'application/json' | 'application/graphql-response+json'

const types: readonly AnswerType[] = ['application/graphql-response+json', 'application/json']

/**
 * The type of an answer that is no stream, for a client that accepts this: the first that is listed, as yoga has it; of both, the plain
 * one. Null: the client accepts none of them.
 */
export function answerTypeOf(accept = '*/*'): AnswerType | null {
  if (accept === '*/*' || accept === 'application/json') return 'application/json'
  for (const range of accept.replace(/\s/g, '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';')
    // What is written here is UTF-8.
    const charset = parameters.find(parameter => parameter.includes('charset=')) ?? 'charset=utf-8'
    const found = charset === 'charset=utf-8' ? types.findLast(type => matches(type, name)) : undefined
    if (found) return found
  }
  return null
}

function matches(type: AnswerType, range: string): boolean {
  const [wholeRange, subRange] = range.split('/')
  const [whole, sub] = type.split('/')
  return (wholeRange === '*' || wholeRange === whole) && (subRange === '*' || subRange === sub)
}
