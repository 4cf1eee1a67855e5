import { type Browser, chromium } from 'playwright-core'
import { debianProgram } from './debian.ts'

/** Chromium, which asks nobody anything by itself. */
export async function startBrowser(): Promise<Browser> {
  const program = await debianProgram('chromium', ['chromium'])
  return chromium.launch({
    executablePath: program.path,
    env: { ...process.env, ...program.env } as Record<string, string>,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      // A page that its policy puts into a sandbox would get a process of its own, and to start that costs more than to show the page.
      '--renderer-process-limit=1',
      '--disable-site-isolation-trials',
    ],
  })
}
