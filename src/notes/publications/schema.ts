import { notFound } from '../../errors.ts'
import { builder } from '../../graph/builder.ts'
import { maxReadBytes, spendBytes } from '../../graph/byte-budget.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { rootsOf } from '../../graph/roots.ts'
import { maxContentLength, maxTitleLength } from '../note-input.ts'
import { Note, NoteType, withNote } from '../schema.ts'
import type { Publication } from './publication.ts'
import { maxAuthorNameLength } from './publication-input.ts'

const roots = rootsOf('notes')

const PublicNote = builder.objectRef<Publication>('PublicNote').implement({
  description: 'A copy of a note that everybody may read who has its slug: by `publicNote`, and as a page at `/p/<slug>`.',
  fields: t => ({
    slug: t.exposeString('slug', {
      description: 'Names it, and can’t be guessed: 22 letters, digits, - and _. The note keeps it until it is unpublished.',
    }),
    title: t.exposeString('title', { description: 'One line of plain text, to be escaped in HTML.' }),
    content: t.string({
      description: `For a NOTE, HTML that is safe to put into a page: no scripts, styles or forms, no pictures but those inside of it. For other types text as it was given, to be escaped in HTML. One operation returns at most ${maxReadBytes / 1024 ** 2} MiB of this, else QUERY_TOO_COMPLEX.`,
      resolve: async ({ slug, contentBytes }, _, context, info) => {
        spendBytes(info.variableValues, contentBytes)
        const content = await context.loaders.publicationContents.load(slug)
        if (content === null) throw notFound('publication')
        return content
      },
    }),
    type: t.field({ type: NoteType, description: 'What its content is; the note’s type when it was published last.', resolve: copy => copy.type }),
    authorName: t.exposeString('authorName', { nullable: true, description: 'Who wrote it, as the publisher says; one line of plain text.' }),
    publishedAt: t.field({ type: 'DateTime', description: 'When it was published first under this slug.', resolve: copy => copy.publishedAt }),
    updatedAt: t.field({ type: 'DateTime', description: 'When it was published last.', resolve: copy => copy.updatedAt }),
  }),
})

builder.objectField(Note, 'publication', t =>
  t.field({
    type: PublicNote,
    nullable: true,
    description: 'What of it is public; null when nothing is.',
    resolve: ({ id }, _, context) => context.loaders.publications.load(id),
  }),
)

roots.queryField('publicNote', t =>
  t.field({
    type: PublicNote,
    nullable: true,
    directives: { public: {}, rateLimit: { max: 300, windowSeconds: 60, per: 'IP' } },
    description: 'A published note; null when there is none, or none any more, under this slug.',
    args: { slug: t.arg.string({ required: true, description: 'Its slug.' }) },
    resolve: (_, { slug }, context) => context.services.publications.find(slug),
  }),
)

const PublishNoteInput = builder.inputType('PublishNoteInput', {
  description: 'What is to be public of a note. The note itself may be encrypted, so all of it is given in plain text.',
  fields: t => ({
    id: t.id({ required: true, description: 'The note; needs ADMIN access.' }),
    title: t.string({ required: true, description: `1 to ${maxTitleLength} characters, some of them visible. Control characters are left out.` }),
    content: t.string({
      required: true,
      description: `At most ${maxContentLength} characters. For a NOTE, HTML, of which formatting, headings, lists, tables, code, quotes, links (http, https, mailto) and pictures in data: addresses stay.`,
    }),
    authorName: t.string({ description: `At most ${maxAuthorNameLength} characters; control characters are left out.` }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const PublishNotePayload = builder.objectRef<string>('PublishNotePayload').implement({
  description: 'What came of `publishNote`.',
  fields: t => ({
    publicNote: t.field({
      type: PublicNote,
      description: 'What is public now. NOT_FOUND when a repeated call comes after the note was unpublished.',
      resolve: (noteId, _, context) => context.services.publications.get(noteId),
    }),
  }),
})

const UnpublishNoteInput = builder.inputType('UnpublishNoteInput', {
  description: 'A note that is no longer to be public.',
  fields: t => ({ id: t.id({ required: true, description: 'The note; needs ADMIN access.' }) }),
})

const UnpublishNotePayload = withNote('UnpublishNotePayload', 'unpublishNote')

roots.mutationFields(t => ({
  publishNote: t.field({
    type: PublishNotePayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description:
      'Makes a copy public under a slug that can’t be guessed, or writes over the copy that is public under it. CONFLICT for a note in the trash.',
    args: { input: t.arg({ type: PublishNoteInput, required: true, description: 'The note, and what is to be public of it.' }) },
    resolve: (_, { input }, context) => context.services.publications.publish(signedIn(context), input),
  }),
  unpublishNote: t.field({
    type: UnpublishNotePayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description: 'Takes the public copy away at once, if there is one; its slug never comes back.',
    args: { input: t.arg({ type: UnpublishNoteInput, required: true, description: 'The note.' }) },
    resolve: (_, { input }, context) => context.services.publications.unpublish(signedIn(context), input.id),
  }),
}))
