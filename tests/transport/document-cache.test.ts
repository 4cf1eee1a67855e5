import { expect, test } from 'vitest'
import { createDocumentCache } from '../../src/transport/document-cache.ts'

test('documents are remembered for a mebibyte of texts: in memory each is some two hundred times what its text is', () => {
  const cache = createDocumentCache<object>()
  const texts = Array.from({ length: 1_500 }, (_, at) => `query Q${at} { ${'a '.repeat(500)}}`)
  for (const text of texts) cache.set(text, {})
  const kept = texts.filter(text => cache.get(text))
  expect(kept.join('').length).toBeLessThanOrEqual(1024 * 1024)
  expect(kept.length).toBeGreaterThan(900)
  expect(kept).toEqual(texts.slice(-kept.length))
})
