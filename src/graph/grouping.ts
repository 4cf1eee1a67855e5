import { createHash } from 'node:crypto'
import { isAsyncIterable } from '@graphql-tools/utils'
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { FanOut, FrameSink } from '../feed/fan-out.ts'
import { isFeedSubscription } from '../feed/subscription.ts'
import { createKeeper } from '../platform/kept-bytes.ts'
import { withAsides } from './asides.ts'
import type { Context } from './context.ts'
import type { ErrorMapper } from './errors.ts'
import { executionOf } from './execute.ts'
import { createMoments, sendEach } from './moments.ts'

/** What readers have to have in common to share the answer to an event. */
interface Shape {
  readonly text: string
  /** Some field in it depends on who asks. */
  readonly isPerViewer: boolean
  /** The variable that says where to start, when it is used for nothing else. */
  readonly startVariable: string | null
  readonly variableNames: readonly string[]
}

export interface Grouping {
  readonly schema: GraphQLSchema
  readonly fanOut: FanOut
  readonly errors: ErrorMapper
}

/** `subscribe` of graphql-js for sockets. What it yields is nothing: events go to the socket as they are rendered, once for all who ask the same. */
export function createGroupedSubscribe({ schema, fanOut, errors }: Grouping) {
  const shapes = new WeakMap<DocumentNode, Map<string, Shape>>()
  const renderOnce = createMoments()
  const keep = createKeeper()

  function shapeOf(document: DocumentNode, operationName: string): Shape {
    const known = shapes.get(document) ?? new Map<string, Shape>()
    shapes.set(document, known)
    const shape = known.get(operationName) ?? readShape(schema, document, operationName)
    known.set(operationName, shape)
    return shape
  }

  return async function subscribeGrouped(args: ExecutionArgs, operation: { readonly id: string; readonly socket: FrameSink }) {
    const source = await createSourceEventStream(args)
    if (!isAsyncIterable(source)) return source
    const context = args.contextValue as Context
    const { text, isPerViewer, startVariable, variableNames } = shapeOf(args.document, args.operationName ?? '')
    const given = args.variableValues ?? {}
    // What the operation does not declare says nothing, and may be of any size and depth.
    const variables = variableNames.flatMap(name => (name !== startVariable && Object.hasOwn(given, name) ? [[name, given[name]]] : []))
    const viewer = isPerViewer ? standingOf(context) : ''
    const asked = [text, digest(JSON.stringify(variables)), viewer, context.asides?.cost.requested].join('\n')
    const payloadOf = (shown: ExecutionResult) => {
      const result = withAsides(shown, context.asides)
      const failed = result.errors?.flatMap(error => errors.toClient(error, context.requestId))
      return Buffer.from(`${JSON.stringify(failed ? { ...result, errors: failed } : result)}}`)
    }
    const executed = executionOf(args)
    const reader = {
      sink: operation.socket,
      head: keep(`{"id":${JSON.stringify(operation.id)},"type":"next","payload":`),
      render(event: object) {
        const result = executed(event)
        return result instanceof Promise ? result.then(payloadOf) : payloadOf(result)
      },
    }
    if (isFeedSubscription(source)) {
      const groupKey = [source.channel.streamId, source.audience(), asked].join('\n')
      return fanOut.join({ ...reader, groupKey, subscription: source })
    }
    return sendEach(source as AsyncIterable<object>, { ...reader, render: event => renderOnce(event, asked, reader.render) })
  }
}

function readShape(schema: GraphQLSchema, document: DocumentNode, operationName: string): Shape {
  const types = new TypeInfo(schema)
  let isPerViewer = false
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        if ('perViewer' in ((types.getFieldDef()?.extensions.directives as object | undefined) ?? {})) isPerViewer = true
      },
    }),
  )
  // The text as a whole may be long; what counts is only whether it is the same.
  const text = digest(`${operationName}\n${print(document)}`)
  const variableNames = getOperationAST(document, operationName || undefined)?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
  return { text, isPerViewer, startVariable: startVariableOf(document, operationName), variableNames }
}

/** Who asks, and by what: the same user may be an administrator here and none there, and links are good for as long as the session that asked. */
const standingOf = ({ viewer, admin }: Context): string =>
  JSON.stringify([viewer?.userId, viewer?.role, viewer?.sessionId ?? viewer?.tokenId, admin?.by])

const digest = (text: string): string => createHash('sha256').update(text).digest('base64')

function startVariableOf(document: DocumentNode, operationName: string): string | null {
  const root = getOperationAST(document, operationName || undefined)?.selectionSet.selections[0]
  const after = root?.kind === Kind.FIELD ? root.arguments?.find(argument => argument.name.value === 'after')?.value : undefined
  if (after?.kind !== Kind.VARIABLE) return null
  let uses = 0
  visit(document, {
    VariableDefinition: () => false,
    Variable(node) {
      if (node.name.value === after.name.value) uses += 1
    },
  })
  return uses === 1 ? after.name.value : null
}
