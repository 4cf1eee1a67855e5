import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import type { Device as DeviceModel } from './service.ts'

const roots = rootsOf('account')

export const Device = builder.objectRef<DeviceModel>('Device').implement({
  description: 'A thing someone signs in with. Only its owner sees it.',
  interfaces: [Node],
  fields: t => ({
    name: t.exposeString('name', { description: 'What its owner calls it; unique among their devices.' }),
    lastSeenAt: t.field({ type: 'DateTime', description: 'When it last signed in or was registered.', resolve: device => device.lastSeenAt }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was first seen.', resolve: device => device.createdAt }),
  }),
})

registerNode('dev', async (id, context) => {
  signedIn(context)
  return context.loaders.devices.load(id)
})

const RegisterDeviceInput = builder.inputType('RegisterDeviceInput', {
  description: 'A device of the viewer.',
  fields: t => ({
    id: t.id({
      description:
        'An id of your own: `dev_` and a UUIDv7. The viewer’s device of this id is renamed; without it, the device of this name is found or made.',
    }),
    name: t.string({ required: true, description: '1 to 200 characters.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RegisterDevicePayload = builder.objectRef<{ device: DeviceModel }>('RegisterDevicePayload').implement({
  description: 'What registerDevice did.',
  fields: t => ({ device: t.field({ type: Device, description: 'The device.', resolve: payload => payload.device }) }),
})

const RemoveDeviceInput = builder.inputType('RemoveDeviceInput', {
  description: 'A device to forget.',
  fields: t => ({ id: t.id({ required: true, description: 'Which.' }) }),
})

const RemoveDevicePayload = builder.objectRef<{ removedId: string }>('RemoveDevicePayload').implement({
  description: 'What removeDevice did.',
  fields: t => ({ removedId: t.exposeID('removedId', { description: 'The id of the device that is gone.' }) }),
})

roots.queryField('devices', t =>
  t.field({
    type: [Device],
    directives: { auth: {} },
    description: 'The viewer’s devices, the one seen last first; at most 100 are kept.',
    resolve: (_, __, context) => context.services.accounts.devices(signedIn(context)),
  }),
)

roots.mutationFields(t => ({
  registerDevice: t.field({
    type: RegisterDevicePayload,
    directives: { auth: {} },
    description: 'Makes, finds or renames a device. ALREADY_EXISTS when the id, or the name under another id, is taken.',
    args: { input: t.arg({ type: RegisterDeviceInput, required: true, description: 'The device.' }) },
    resolve: (_, { input }, context) => context.services.accounts.registerDevice(signedIn(context), input),
  }),
  removeDevice: t.field({
    type: RemoveDevicePayload,
    directives: { auth: {} },
    description: 'Forgets a device and ends the sessions on it. NOT_FOUND when it is not the viewer’s.',
    args: { input: t.arg({ type: RemoveDeviceInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.accounts.removeDevice(signedIn(context), input),
  }),
}))
