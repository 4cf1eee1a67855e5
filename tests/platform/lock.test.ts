import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, expect, test } from 'vitest'
import { lockFile } from '../../src/platform/embedded/lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const isFree = (path: string) => lockFile(path, 0) !== null

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round++) {
    collect()
    await turn()
  }
}

test('a lock is held until it is let go, though nobody keeps what would let it go', async () => {
  const [kept, left] = [join(folder, 'kept'), join(folder, 'left')]
  const unlock = lockFile(kept, 0)
  expect([unlock !== null, isFree(kept), isFree(left)]).toEqual([true, false, true])
  await collectGarbage()
  expect([isFree(kept), isFree(left)]).toEqual([false, false])
  unlock?.()
  expect(isFree(kept)).toBe(true)
})
