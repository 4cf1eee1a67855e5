import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface ReceivedMail {
  readonly to: readonly string[]
  /** Headers and body as they came, quoted-printable decoded. */
  readonly text: string
}

/** A mail server that keeps what it gets (RFC 5321, as far as a client needs it). */
export interface SmtpServer extends AsyncDisposable {
  readonly url: string
  readonly mails: readonly ReceivedMail[]
}

export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    void converse(socket, mails)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function converse(socket: Socket, mails: ReceivedMail[]): Promise<void> {
  const say = (line: string) => socket.write(`${line}\r\n`)
  let to: string[] = []
  let data: string[] | null = null
  say('220 test')
  for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (data) {
      if (line === '.') {
        mails.push({ to, text: decode(data) })
        to = []
        data = null
        say('250 kept')
      } else data.push(line.replace(/^\./, ''))
    } else if (/^EHLO/i.test(line)) say('250 SMTPUTF8')
    else if (/^RCPT TO:/i.test(line)) {
      to.push(/<(.*)>/.exec(line)?.[1] ?? '')
      say('250 ok')
    } else if (/^DATA/i.test(line)) {
      data = []
      say('354 go on')
    } else say(/^QUIT/i.test(line) ? '221 bye' : '250 ok')
  }
}

const decode = (lines: readonly string[]) => {
  const text = lines.join('\n')
  if (!/^Content-Transfer-Encoding: quoted-printable$/im.test(text)) return text
  return text.replace(/=\n/g, '').replace(/(?:=[0-9A-F]{2})+/g, bytes => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'))
}
