import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { Logger } from '../../platform/logger.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mailer extends AsyncDisposable {
  /** @throws CONFLICT when this server has no way to send mail */
  requireWay(): void
  /** Sends after the caller has its answer, so that the time of an answer tells nothing; `write` may look things up first, and null sends nothing. */
  later(write: () => Promise<Mail | null>): void
}

const timeoutMs = 10_000
/** What waits beyond this is dropped: somebody is asking for mails faster than they can be sent. */
const maxPending = 1_000

/** Loaded with the first mail, for the sake of a quick start. */
async function transportTo(url: string) {
  const { createTransport } = await import('nodemailer')
  return createTransport({ url, pool: true, maxConnections: 2, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs })
}

export function createMailer({ config, logger }: { readonly config: Config; readonly logger: Logger }): Mailer {
  const { SMTP_URL: url, MAIL_FROM: from, NODE_ENV } = config
  let transport: ReturnType<typeof transportTo> | undefined
  const isRefused = url === undefined && NODE_ENV === 'production'
  const pending = new Set<Promise<void>>()

  async function send(write: () => Promise<Mail | null>): Promise<void> {
    try {
      const mail = await write()
      if (!mail) return
      if (url !== undefined) {
        transport ??= transportTo(url)
        await (await transport).sendMail({ from, ...mail })
      } else logger.info({ to: mail.to, subject: mail.subject }, `SMTP_URL is not set, so this mail goes to the log:\n${mail.text}`)
    } catch (error) {
      logger.error({ err: error }, 'a mail could not be sent')
    }
  }

  return {
    requireWay() {
      if (isRefused) throw new AppError('CONFLICT', 'This server sends no mail: whoever runs it has to set SMTP_URL.')
    },
    later(write) {
      if (isRefused) return
      if (pending.size >= maxPending) {
        logger.error('too many mails are waiting; one was dropped')
        return
      }
      const sending = new Promise<void>(resolve => setImmediate(resolve)).then(() => send(write))
      pending.add(sending)
      void sending.finally(() => pending.delete(sending))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(pending)
      const opened = await transport
      opened?.close()
    },
  }
}
