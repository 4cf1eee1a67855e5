import { request } from 'node:http'
import { print } from 'graphql'
import type { AttachmentsUploadMutation, UploadAttachmentInput } from '../generated/graphql.ts'
import type { Answer, Client } from '../harness/client.ts'
import { uploadAttachment } from './attachments-operations.ts'
import { createNote } from './operations.ts'

export const newNote = async (client: Client): Promise<string> => (await client.run(createNote, { input: {} })).createNote.note.id

/** What every attachment needs, whatever its bytes. */
export const sealed = { mimeType: 'image/png', iv: 'aXY=', salt: 'c2FsdA==' }

export const addInput = (noteId: string, bytes: Uint8Array | string = 'some bytes', more: object = {}) => ({
  ...sealed,
  noteId,
  encryptedData: Buffer.from(bytes).toString('base64'),
  ...more,
})

export type UploadInput = Omit<UploadAttachmentInput, 'file'>

/** Uploads by `fetch` and `FormData`, as the specification says. */
export async function upload(
  { url, accessToken }: Pick<Client, 'url' | 'accessToken'>,
  input: UploadInput,
  bytes: Uint8Array | string,
): Promise<Answer<AttachmentsUploadMutation>> {
  const form = new FormData()
  form.append('operations', JSON.stringify({ query: print(uploadAttachment), variables: { input: { ...input, file: null } } }))
  form.append('map', JSON.stringify({ 0: ['variables.input.file'] }))
  form.append('0', new Blob([bytes as BlobPart]))
  const headers = { 'graphql-require-preflight': '1', ...(accessToken !== null && { authorization: `Bearer ${accessToken}` }) }
  const response = await fetch(url, { method: 'POST', headers, body: form })
  const { data = null, errors = [] } = (await response.json()) as Partial<Answer<AttachmentsUploadMutation>>
  return { status: response.status, data, errors }
}

/** @throws Error for an upload that was refused */
export async function uploaded(client: Client, input: UploadInput, bytes: Uint8Array | string) {
  const { data, errors } = await upload(client, input, bytes)
  if (!data) throw new Error(JSON.stringify(errors))
  return data.uploadAttachment.attachment
}

/** An upload that stays open after its first bytes, to be cut off. */
export function beginUpload({ url, accessToken }: Pick<Client, 'url' | 'accessToken'>, input: UploadInput, bytes: Uint8Array) {
  const part = (name: string, value: string, more = '') => `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`
  const operations = JSON.stringify({ query: print(uploadAttachment), variables: { input: { ...input, file: null } } })
  const sent = request(url, {
    method: 'POST',
    headers: {
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': '5000000',
      'graphql-require-preflight': '1',
      authorization: `Bearer ${accessToken}`,
    },
  })
  sent.on('error', () => {})
  sent.write(`${part('operations', operations)}\r\n${part('map', '{"0":["variables.input.file"]}')}\r\n${part('0', '', '; filename="f"')}`)
  sent.write(bytes)
  return sent
}
