import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { contentsLimit, spendValue } from '../../graph/byte-budget.ts'
import { signedIn } from '../../graph/guard.ts'
import { rootsOf } from '../../graph/roots.ts'
import { maxSignalsPerHolder } from '../../signals/holdings.ts'
import { maxSignalsPerOwner, maxSignalsPerTopic } from '../../signals/signal.ts'
import { Document } from '../schema.ts'
import { type Awareness, awarenessTtlSeconds, maxClientIdLength, maxStateBytes } from './service.ts'

const roots = rootsOf('documents')

const AwarenessRef = builder.objectRef<Awareness>('Awareness').implement({
  description: 'Where someone is in the document right now: cursor, selection, anything small. Never stored.',
  fields: t => ({
    clientId: t.exposeID('clientId', { description: 'Which of the user’s clients; another user may have one of the same id.' }),
    user: t.field({
      type: User,
      description: 'Whose client it is.',
      resolve: ({ userId }, _, { services, loaders }) => services.awareness.user(userId, () => loaders.users.load(userId)),
    }),
    state: t.field({
      type: 'JSON',
      nullable: true,
      description: `What the client said last; null when it is no longer there. ${contentsLimit}`,
      resolve: ({ state }, _, __, info) => spendValue(info.variableValues, state),
    }),
    clock: t.exposeInt('clock', { description: 'The clock it said it with.' }),
  }),
})

builder.objectField(Document, 'awareness', t =>
  t.field({
    type: [AwarenessRef],
    description: `Everybody who is in the document at the moment, at most ${maxSignalsPerTopic} clients.`,
    resolve: ({ id }, _, context) => context.loaders.awareness.load(id),
  }),
)

const SetAwarenessInput = builder.inputType('SetAwarenessInput', {
  description: 'Where a client of the viewer is.',
  fields: t => ({
    documentId: t.id({ required: true, description: 'The document; needs READ access.' }),
    clientId: t.id({ required: true, description: `One device, tab or process: 1 to ${maxClientIdLength} characters.` }),
    state: t.field({
      type: 'JSON',
      description: `Anything small: at most ${maxStateBytes / 1024} KiB as JSON (PAYLOAD_TOO_LARGE). Null, or left out: the client is no longer there.`,
    }),
    clock: t.int({
      required: true,
      description:
        'From 0 on, higher with each call of the client. Against a clock the server knows, the higher wins, and of equal ones a state of null.',
    }),
  }),
})

const SetAwarenessPayload = builder.objectRef<Awareness>('SetAwarenessPayload').implement({
  description: 'What came of it.',
  fields: t => ({
    awareness: t.field({
      type: AwarenessRef,
      description: 'What holds now: what was sent, or what had a higher clock.',
      resolve: awareness => awareness,
    }),
  }),
})

roots.mutationField('setAwareness', t =>
  t.field({
    type: SetAwarenessPayload,
    directives: { access: { level: 'READ', argument: 'input.documentId' } },
    description:
      `Says where a client of the viewer is in a document. Over a socket it lasts as long as the socket, over HTTP ${awarenessTtlSeconds} seconds. ` +
      'Calls with an older clock change nothing. ' +
      `QUOTA_EXCEEDED above ${maxSignalsPerOwner} clients of one user in a document, ${maxSignalsPerTopic} in all, or ${maxSignalsPerHolder} of one socket.`,
    args: { input: t.arg({ type: SetAwarenessInput, required: true, description: 'What to say.' }) },
    resolve: (_, { input }, context) => context.services.awareness.set(signedIn(context), input, context.connection),
  }),
)

roots.subscriptionField('awareness', t =>
  t.field({
    type: AwarenessRef,
    directives: { access: { level: 'READ', argument: 'documentId' } },
    description:
      'First everybody who is in the document, then each change, those of the viewer’s own clients included; a state of null when someone leaves. ' +
      'A slow reader gets the newest state of each client and not those before it. Ends with FORBIDDEN when the viewer loses access.',
    args: { documentId: t.arg.id({ required: true, description: 'The document.' }) },
    subscribe: (_, { documentId }, context) => context.services.awareness.watch(signedIn(context), documentId),
    resolve: awareness => awareness,
  }),
)
