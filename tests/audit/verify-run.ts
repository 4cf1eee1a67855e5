import { execFile } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** `npm run audit:verify`, as an operator runs it. */
export function runVerify(env: Readonly<Record<string, string>>, ...args: string[]): Promise<{ code: number; output: string }> {
  const { PATH = '', TMPDIR } = process.env
  return new Promise(resolve => {
    execFile(
      process.execPath,
      ['src/audit/verify-main.ts', ...args],
      { cwd: root, env: { PATH, ...(TMPDIR && { TMPDIR }), ...env } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: `${stdout}${stderr}` }),
    )
  })
}
