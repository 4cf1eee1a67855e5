/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation MatrixDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n    }\n  }\n": typeof types.MatrixDeviceDocument,
    "\n  mutation MatrixAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n": typeof types.MatrixAttachmentDocument,
    "\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n": typeof types.MatrixLoginDocument,
    "\n  mutation MatrixVault($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        vaultId\n      }\n    }\n  }\n": typeof types.MatrixVaultDocument,
    "\n  mutation MatrixChat($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        id\n      }\n    }\n  }\n": typeof types.MatrixChatDocument,
    "\n  mutation MatrixMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n": typeof types.MatrixMessageDocument,
    "\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n": typeof types.MatrixFolderDocument,
    "\n  mutation MatrixNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.MatrixNoteDocument,
    "\n  mutation MatrixNoteUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        revisions {\n          nodes {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.MatrixNoteUpdateDocument,
    "\n  mutation MatrixRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      record {\n        id\n        collectionId\n      }\n    }\n  }\n": typeof types.MatrixRecordDocument,
    "\n  mutation MatrixPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n": typeof types.MatrixPublishDocument,
    "\n  mutation MatrixAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clock\n      }\n    }\n  }\n": typeof types.MatrixAwarenessDocument,
    "\n  mutation Login($input: LoginInput!) {\n    login(input: $input) {\n      session {\n        current\n        device {\n          name\n        }\n      }\n      user {\n        email\n      }\n    }\n  }\n": typeof types.LoginDocument,
    "\n  query WhoAmI {\n    viewer {\n      id\n      email\n      role\n    }\n  }\n": typeof types.WhoAmIDocument,
    "\n  query WhereAmI {\n    sessions {\n      id\n      current\n    }\n    devices {\n      id\n      name\n    }\n  }\n": typeof types.WhereAmIDocument,
    "\n  query NodeTypes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n    }\n  }\n": typeof types.NodeTypesDocument,
    "\n  query ReadUser($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n      }\n    }\n  }\n": typeof types.ReadUserDocument,
    "\n  query FindByEmail($email: String!) {\n    userByEmail(email: $email) {\n      id\n      email\n    }\n  }\n": typeof types.FindByEmailDocument,
    "\n  mutation VerifyToken($input: VerifyTokenInput!) {\n    verifyToken(input: $input) {\n      valid\n      reason\n      user {\n        id\n        email\n      }\n    }\n  }\n": typeof types.VerifyTokenDocument,
    "\n  mutation Logout($input: LogoutInput) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n": typeof types.LogoutDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n": typeof types.RevokeSessionDocument,
    "\n  mutation DeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.DeleteAccountDocument,
    "\n  query MembersOf($id: ID!) {\n    document(id: $id) {\n      name\n      members {\n        nodes {\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.MembersOfDocument,
    "\n  query AdminUsers($search: String, $first: Int, $after: String) {\n    users(search: $search, first: $first, after: $after) {\n      nodes {\n        id\n        email\n        displayName\n        role\n        createdAt\n        sessionCount\n        sessionsUsedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AdminUsersDocument,
    "\n  mutation AdminSetRole($input: SetRoleInput!) {\n    setRole(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n": typeof types.AdminSetRoleDocument,
    "\n  query AdminSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      current\n    }\n  }\n": typeof types.AdminSessionsDocument,
    "\n  mutation AdminRevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n": typeof types.AdminRevokeSessionDocument,
    "\n  mutation AdminIssueToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n        email\n        displayName\n        role\n        emailVerified\n      }\n    }\n  }\n": typeof types.AdminIssueTokenDocument,
    "\n  mutation AdminRotateTokens($input: RotateTokensInput!) {\n    rotateTokens(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n      }\n    }\n  }\n": typeof types.AdminRotateTokensDocument,
    "\n  mutation AdminRevokeToken($input: RevokeTokenInput!) {\n    revokeToken(input: $input) {\n      revokedJti\n    }\n  }\n": typeof types.AdminRevokeTokenDocument,
    "\n  query AdminIssuedTokens($userId: ID!) {\n    issuedTokens(userId: $userId) {\n      jti\n      scopes\n      createdAt\n      expiresAt\n    }\n  }\n": typeof types.AdminIssuedTokensDocument,
    "\n  query AdminAudit($action: String) {\n    auditLog(action: $action, first: 100) {\n      nodes {\n        action\n        target\n        details\n        actor {\n          id\n        }\n      }\n    }\n  }\n": typeof types.AdminAuditDocument,
    "\n  query AdminWhoAmI {\n    viewer {\n      id\n      role\n      sessionCount\n    }\n  }\n": typeof types.AdminWhoAmIDocument,
    "\n  query AdminUserNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n        sessionCount\n      }\n    }\n  }\n": typeof types.AdminUserNodeDocument,
    "\n  mutation ExportsCreate($input: CreateExportInput!) {\n    createExport(input: $input) {\n      export {\n        id\n        kind\n        format\n        status\n        progress\n        downloadUrl\n        userId\n        since\n        createdBy {\n          id\n        }\n      }\n    }\n  }\n": typeof types.ExportsCreateDocument,
    "\n  query ExportsOne($id: ID!) {\n    export(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      sizeBytes\n      downloadUrl\n      error\n      expiresAt\n    }\n  }\n": typeof types.ExportsOneDocument,
    "\n  query ExportsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Export {\n        kind\n        status\n      }\n    }\n  }\n": typeof types.ExportsNodeDocument,
    "\n  query ExportsList($first: Int, $after: String) {\n    exports(first: $first, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ExportsListDocument,
    "\n  subscription ExportsProgress($id: ID!) {\n    exportProgress(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      downloadUrl\n      error\n    }\n  }\n": typeof types.ExportsProgressDocument,
    "\n  query ExportsAudit($action: String!) {\n    auditLog(action: $action, first: 20) {\n      nodes {\n        action\n        target\n        details\n        ip\n      }\n    }\n  }\n": typeof types.ExportsAuditDocument,
    "\n  query StatsNow {\n    serverStats {\n      at\n      version\n      uptimeSeconds\n      nodes\n      connections\n      authenticatedConnections\n      subscriptions\n      messagesPerSecond\n      operationsPerSecond\n      latencyP50Ms\n      latencyP99Ms\n      users\n      documents\n      records\n      notes\n      chats\n      vaults\n      databaseBytes\n      countedAt\n    }\n  }\n": typeof types.StatsNowDocument,
    "\n  subscription StatsFollow($intervalMs: Int) {\n    serverStats(intervalMs: $intervalMs) {\n      at\n      nodes\n      connections\n    }\n  }\n": typeof types.StatsFollowDocument,
    "\n  query StatsConnections($first: Int) {\n    connectionsByUser(first: $first) {\n      user {\n        id\n        email\n      }\n      deviceCount\n    }\n  }\n": typeof types.StatsConnectionsDocument,
    "\n  fragment AuditAll on AuditEntry {\n    id\n    seq\n    at\n    actorId\n    actorBy\n    actor {\n      id\n      displayName\n    }\n    action\n    target\n    ip\n    details\n    hash\n    previousHash\n    cursor\n  }\n": typeof types.AuditAllFragmentDoc,
    "\n  query AuditRead($first: Int, $after: String, $actorId: ID, $action: String) {\n    auditLog(first: $first, after: $after, actorId: $actorId, action: $action) {\n      nodes {\n        ...AuditAll\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditReadDocument,
    "\n  subscription AuditFollow($after: Cursor) {\n    auditEvents(after: $after) {\n      ...AuditAll\n    }\n  }\n": typeof types.AuditFollowDocument,
    "\n  query AuditNode($id: ID!) {\n    node(id: $id) {\n      ... on AuditEntry {\n        action\n        target\n      }\n    }\n  }\n": typeof types.AuditNodeDocument,
    "\n  mutation AuditLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      session {\n        id\n        device {\n          id\n        }\n      }\n    }\n  }\n": typeof types.AuditLoginDocument,
    "\n  mutation ChatsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.ChatsDeleteAccountDocument,
    "\n  mutation ChatsCreate($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n\n  fragment ChatsChat on Chat {\n    id\n    title\n    historyVisible\n    viewerAccess\n    unreadCount\n    cursor\n    createdAt\n    members {\n      access\n      readAt\n      user {\n        id\n      }\n      lastRead {\n        id\n      }\n    }\n    lastMessage {\n      ...ChatsMessage\n    }\n  }\n\n  fragment ChatsMessage on Message {\n    id\n    chatId\n    content\n    editedAt\n    deletedAt\n    createdAt\n    sender {\n      id\n      displayName\n    }\n    replyTo {\n      id\n      content\n      replyTo {\n        id\n        content\n      }\n    }\n    readBy {\n      messageId\n      readAt\n      user {\n        id\n      }\n    }\n  }\n": typeof types.ChatsCreateDocument,
    "\n  mutation ChatsUpdate($input: UpdateChatInput!) {\n    updateChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n": typeof types.ChatsUpdateDocument,
    "\n  mutation ChatsAddMembers($input: AddChatMembersInput!) {\n    addChatMembers(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n": typeof types.ChatsAddMembersDocument,
    "\n  mutation ChatsRemoveMember($input: RemoveChatMemberInput!) {\n    removeChatMember(input: $input) {\n      removedUserId\n    }\n  }\n": typeof types.ChatsRemoveMemberDocument,
    "\n  mutation ChatsSend($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      cursor\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n": typeof types.ChatsSendDocument,
    "\n  mutation ChatsEdit($input: EditMessageInput!) {\n    editMessage(input: $input) {\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n": typeof types.ChatsEditDocument,
    "\n  mutation ChatsDelete($input: DeleteMessageInput!) {\n    deleteMessage(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.ChatsDeleteDocument,
    "\n  mutation ChatsMarkRead($input: MarkReadInput!) {\n    markRead(input: $input) {\n      unreadCount\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n  }\n": typeof types.ChatsMarkReadDocument,
    "\n  query ChatsRead($id: ID!) {\n    chat(id: $id) {\n      ...ChatsChat\n    }\n  }\n": typeof types.ChatsReadDocument,
    "\n  query ChatsMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    chat(id: $id) {\n      messages(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            id\n          }\n        }\n        nodes {\n          ...ChatsMessage\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ChatsMessagesDocument,
    "\n  query ChatsList($first: Int, $after: String) {\n    chats(first: $first, after: $after) {\n      edges {\n        cursor\n      }\n      nodes {\n        id\n        title\n        unreadCount\n        lastMessage {\n          id\n          content\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ChatsListDocument,
    "\n  query ChatsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Chat {\n        title\n      }\n      ... on Message {\n        content\n        chatId\n      }\n    }\n  }\n": typeof types.ChatsNodeDocument,
    "\n  subscription ChatsEvents($chatId: ID!, $after: Cursor) {\n    chatEvents(chatId: $chatId, after: $after) {\n      ...ChatsEvent\n    }\n  }\n\n  fragment ChatsEvent on ChatEvent {\n    __typename\n    ... on FeedItem {\n      cursor\n    }\n    ... on MessageSent {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageEdited {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageDeleted {\n      chatId\n      messageId\n    }\n    ... on MessageRead {\n      chatId\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberJoined {\n      chatId\n      member {\n        access\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberLeft {\n      chatId\n      userId\n    }\n    ... on ChatUpdated {\n      chatId\n      chat {\n        id\n        title\n        historyVisible\n        members {\n          access\n          user {\n            id\n          }\n          lastRead {\n            id\n            content\n          }\n        }\n        lastMessage {\n          id\n          content\n        }\n      }\n    }\n  }\n": typeof types.ChatsEventsDocument,
    "\n  subscription ChatsInbox($after: Cursor) {\n    inboxEvents(after: $after) {\n      ...ChatsEvent\n    }\n  }\n": typeof types.ChatsInboxDocument,
    "\n  query ChatsListWhole($first: Int) {\n    chats(first: $first) {\n      nodes {\n        ...ChatsChat\n        messages(last: 3) {\n          nodes {\n            ...ChatsMessage\n          }\n        }\n      }\n    }\n  }\n": typeof types.ChatsListWholeDocument,
    "\n  subscription ChatsViewedEvents($chatId: ID!) {\n    chatEvents(chatId: $chatId) {\n      __typename\n      ... on ChatUpdated {\n        chat {\n          unreadCount\n          viewerAccess\n        }\n      }\n    }\n  }\n": typeof types.ChatsViewedEventsDocument,
    "\n  mutation ChatsLeaveForGood($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.ChatsLeaveForGoodDocument,
    "\n  fragment CollectionsRecord on Record {\n    id\n    collection\n    key\n    value\n    version\n    updatedAt\n    deletedAt\n    expiresAt\n  }\n": typeof types.CollectionsRecordFragmentDoc,
    "\n  mutation CollectionsPutRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n": typeof types.CollectionsPutRecordDocument,
    "\n  mutation CollectionsPutRecords($input: PutRecordsInput!) {\n    putRecords(input: $input) {\n      results {\n        applied\n        record {\n          ...CollectionsRecord\n        }\n        conflict {\n          reason\n          existing {\n            ...CollectionsRecord\n          }\n        }\n      }\n    }\n  }\n": typeof types.CollectionsPutRecordsDocument,
    "\n  mutation CollectionsDeleteRecord($input: DeleteRecordInput!) {\n    deleteRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n": typeof types.CollectionsDeleteRecordDocument,
    "\n  query CollectionsReadRecord($collection: String!, $key: String!, $owner: ID) {\n    record(collection: $collection, key: $key, owner: $owner) {\n      ...CollectionsRecord\n      collectionId\n      owner {\n        id\n      }\n    }\n  }\n": typeof types.CollectionsReadRecordDocument,
    "\n  query CollectionsRecords($collection: String!, $owner: ID, $updatedSince: DateTime, $includeDeleted: Boolean, $first: Int, $after: String) {\n    records(collection: $collection, owner: $owner, updatedSince: $updatedSince, includeDeleted: $includeDeleted, first: $first, after: $after) {\n      cursor\n      edges {\n        cursor\n      }\n      nodes {\n        ...CollectionsRecord\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.CollectionsRecordsDocument,
    "\n  query CollectionsList {\n    collections {\n      id\n      name\n      recordCount\n      viewerAccess\n      cursor\n      createdAt\n      owner {\n        id\n      }\n      members {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.CollectionsListDocument,
    "\n  query CollectionsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Record {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      ... on Collection {\n        name\n        recordCount\n      }\n    }\n  }\n": typeof types.CollectionsNodeDocument,
    "\n  subscription CollectionsChanges($collection: String!, $owner: ID, $after: Cursor) {\n    recordChanges(collection: $collection, owner: $owner, after: $after) {\n      __typename\n      cursor\n      ... on RecordChange {\n        operation\n        at\n        by {\n          id\n        }\n        record {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n": typeof types.CollectionsChangesDocument,
    "\n  mutation CollectionsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.CollectionsDeleteAccountDocument,
    "\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n": typeof types.ReadSnapshotDocument,
    "\n  mutation ImportTestLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n": typeof types.ImportTestLoginDocument,
    "\n  query ImportTestNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n        name\n        color\n        position\n        parent {\n          id\n          name\n        }\n      }\n      type\n      title\n      content\n      encryptedContent\n      iv\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      createdAt\n      updatedAt\n    }\n  }\n": typeof types.ImportTestNoteDocument,
    "\n  query ImportTestNotes($filter: NoteFilter, $after: String) {\n    notes(filter: $filter, first: 500, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ImportTestNotesDocument,
    "\n  query ImportTestFolders {\n    folders {\n      id\n      name\n    }\n  }\n": typeof types.ImportTestFoldersDocument,
    "\n  query ImportTestRecord($collection: String!, $key: String!) {\n    record(collection: $collection, key: $key) {\n      value\n      updatedAt\n      deletedAt\n    }\n  }\n": typeof types.ImportTestRecordDocument,
    "\n  query ImportTestRecords($collection: String!, $after: String) {\n    records(collection: $collection, includeDeleted: true, first: 500, after: $after) {\n      nodes {\n        key\n        version\n        updatedAt\n        deletedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ImportTestRecordsDocument,
    "\n  mutation ToManyLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n": typeof types.ToManyLoginDocument,
    "\n  mutation ToManyToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      jti\n    }\n  }\n": typeof types.ToManyTokenDocument,
    "\n  mutation ToManyAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clientId\n      }\n    }\n  }\n": typeof types.ToManyAwarenessDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n      session {\n        id\n      }\n      user {\n        id\n        email\n        role\n      }\n    }\n  }\n": typeof types.RegisterDocument,
    "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n  }\n": typeof types.RefreshSessionDocument,
    "\n  mutation ClaimAdmin($input: ClaimAdminInput!) {\n    claimAdmin(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n": typeof types.ClaimAdminDocument,
    "\n  mutation CreateDocument($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n        fields\n        clock\n        cursor\n        viewerAccess\n        createdAt\n        updatedAt\n        deletedAt\n      }\n    }\n  }\n": typeof types.CreateDocumentDocument,
    "\n  query ReadDocument($id: ID!) {\n    document(id: $id) {\n      id\n      name\n      fields\n      clock\n      cursor\n      viewerAccess\n      createdAt\n      updatedAt\n      deletedAt\n    }\n  }\n": typeof types.ReadDocumentDocument,
    "\n  query ReadField($id: ID!, $path: String!) {\n    document(id: $id) {\n      field(path: $path) {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n    }\n  }\n": typeof types.ReadFieldDocument,
    "\n  query ListDocuments($first: Int, $after: String, $includeDeleted: Boolean) {\n    documents(first: $first, after: $after, includeDeleted: $includeDeleted) {\n      edges {\n        cursor\n        node {\n          id\n          deletedAt\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ListDocumentsDocument,
    "\n  mutation DeleteDocument($input: DeleteDocumentInput!) {\n    deleteDocument(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.DeleteDocumentDocument,
    "\n  mutation RestoreDocument($input: RestoreDocumentInput!) {\n    restoreDocument(input: $input) {\n      document {\n        id\n        fields\n        deletedAt\n      }\n    }\n  }\n": typeof types.RestoreDocumentDocument,
    "\n  mutation PushDelta($input: PushDeltaInput!) {\n    pushDelta(input: $input) {\n      applied\n      delta {\n        cursor\n        documentId\n        clientId\n        clock\n        at\n        author {\n          id\n        }\n        writes {\n          path\n          value\n          deleted\n          timestamp\n          clientId\n          counter\n        }\n      }\n      superseded {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n      document {\n        cursor\n        fields\n      }\n    }\n  }\n": typeof types.PushDeltaDocument,
    "\n  query ReadChanges($id: ID!, $after: Cursor, $since: VectorClock, $first: Int) {\n    document(id: $id) {\n      changes(after: $after, since: $since, first: $first) {\n        edges {\n          cursor\n          node {\n            cursor\n            clientId\n            clock\n            writes {\n              path\n              value\n              deleted\n              counter\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ReadChangesDocument,
    "\n  query ListMembers($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      members(first: $first, after: $after) {\n        edges {\n          cursor\n        }\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ListMembersDocument,
    "\n  mutation SetAccess($input: SetAccessInput!) {\n    setAccess(input: $input) {\n      member {\n        access\n        since\n        user {\n          id\n        }\n      }\n    }\n  }\n": typeof types.SetAccessDocument,
    "\n  mutation RemoveAccess($input: RemoveAccessInput!) {\n    removeAccess(input: $input) {\n      removedUserId\n    }\n  }\n": typeof types.RemoveAccessDocument,
    "\n  mutation CreateSnapshot($input: CreateSnapshotInput!) {\n    createSnapshot(input: $input) {\n      snapshot {\n        id\n        documentId\n        label\n        fields\n        clock\n        sizeBytes\n        createdAt\n      }\n    }\n  }\n": typeof types.CreateSnapshotDocument,
    "\n  query ListSnapshots($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      snapshots(first: $first, after: $after) {\n        nodes {\n          id\n          label\n          fields\n          clock\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ListSnapshotsDocument,
    "\n  mutation RestoreSnapshot($input: RestoreSnapshotInput!) {\n    restoreSnapshot(input: $input) {\n      document {\n        id\n        fields\n        clock\n      }\n    }\n  }\n": typeof types.RestoreSnapshotDocument,
    "\n  mutation DeleteSnapshot($input: DeleteSnapshotInput!) {\n    deleteSnapshot(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.DeleteSnapshotDocument,
    "\n  subscription DocumentChanges($id: ID!, $after: Cursor) {\n    documentChanges(documentId: $id, after: $after) {\n      __typename\n      cursor\n      ... on DocumentDelta {\n        clientId\n        clock\n        writes {\n          path\n          value\n          deleted\n          counter\n        }\n      }\n      ... on DocumentRemoved {\n        at\n      }\n      ... on DocumentRestored {\n        at\n      }\n    }\n  }\n": typeof types.DocumentChangesDocument,
    "\n  mutation RenewConnection($input: RenewConnectionInput!) {\n    renewConnection(input: $input) {\n      expiresAt\n    }\n  }\n": typeof types.RenewConnectionDocument,
    "\n  mutation NotesDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.NotesDeleteAccountDocument,
    "\n  fragment AttachmentState on Attachment {\n    id\n    encryptedName\n    mimeType\n    sizeBytes\n    iv\n    salt\n    createdAt\n  }\n": typeof types.AttachmentStateFragmentDoc,
    "\n  mutation AttachmentsAdd($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n": typeof types.AttachmentsAddDocument,
    "\n  mutation AttachmentsUpload($input: UploadAttachmentInput!) {\n    uploadAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n": typeof types.AttachmentsUploadDocument,
    "\n  mutation AttachmentsRemove($input: RemoveAttachmentInput!) {\n    removeAttachment(input: $input) {\n      removedId\n    }\n  }\n": typeof types.AttachmentsRemoveDocument,
    "\n  query AttachmentsList($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      attachments {\n        ...AttachmentState\n      }\n    }\n    notebook {\n      usedBytes\n      quotaBytes\n    }\n  }\n": typeof types.AttachmentsListDocument,
    "\n  query AttachmentsRead($id: ID!) {\n    node(id: $id) {\n      ... on Attachment {\n        ...AttachmentState\n        encryptedData\n      }\n    }\n  }\n": typeof types.AttachmentsReadDocument,
    "\n  query AttachmentsLink($id: ID!, $ttlSeconds: Int! = 300) {\n    node(id: $id) {\n      ... on Attachment {\n        downloadUrl(ttlSeconds: $ttlSeconds)\n      }\n    }\n  }\n": typeof types.AttachmentsLinkDocument,
    "\n  subscription AttachmentsFollow($id: ID!) {\n    noteChanges(noteId: $id) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        changedFields\n        note {\n          version\n          attachments {\n            id\n            downloadUrl\n          }\n        }\n      }\n    }\n  }\n": typeof types.AttachmentsFollowDocument,
    "\n  query AttachmentsOfNotes($first: Int!) {\n    notes(first: $first) {\n      nodes {\n        id\n        attachments {\n          id\n          sizeBytes\n          encryptedData\n          downloadUrl\n        }\n      }\n    }\n  }\n": typeof types.AttachmentsOfNotesDocument,
    "\n  fragment FolderState on Folder {\n    id\n    name\n    color\n    position\n    isDefault\n    createdAt\n    updatedAt\n    parent {\n      id\n    }\n  }\n": typeof types.FolderStateFragmentDoc,
    "\n  query FoldersList {\n    folders {\n      ...FolderState\n    }\n  }\n": typeof types.FoldersListDocument,
    "\n  query FoldersRead($id: ID!) {\n    folder(id: $id) {\n      ...FolderState\n      noteCount\n      children {\n        id\n      }\n    }\n  }\n": typeof types.FoldersReadDocument,
    "\n  query FoldersReadNodes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Folder {\n        ...FolderState\n      }\n    }\n  }\n": typeof types.FoldersReadNodesDocument,
    "\n  mutation FoldersCreate($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n": typeof types.FoldersCreateDocument,
    "\n  mutation FoldersUpdate($input: UpdateFolderInput!) {\n    updateFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n": typeof types.FoldersUpdateDocument,
    "\n  mutation FoldersReorder($input: ReorderFoldersInput!) {\n    reorderFolders(input: $input) {\n      folders {\n        ...FolderState\n      }\n    }\n  }\n": typeof types.FoldersReorderDocument,
    "\n  mutation FoldersDelete($input: DeleteFolderInput!) {\n    deleteFolder(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.FoldersDeleteDocument,
    "\n  mutation FoldersCreateNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.FoldersCreateNoteDocument,
    "\n  query FoldersReadNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      folder {\n        id\n        name\n      }\n    }\n  }\n": typeof types.FoldersReadNoteDocument,
    "\n  subscription FoldersNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n        at\n        by {\n          id\n        }\n        folder {\n          ...FolderState\n          noteCount\n        }\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        note {\n          version\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.FoldersNotebookDocument,
    "\n  mutation FoldersImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n    }\n  }\n": typeof types.FoldersImportDocument,
    "\n  mutation FoldersMoveNote($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.FoldersMoveNoteDocument,
    "\n  query FoldersTree {\n    folders {\n      id\n      noteCount\n      children {\n        id\n      }\n      parent {\n        id\n        noteCount\n      }\n    }\n  }\n": typeof types.FoldersTreeDocument,
    "\n  query FoldersCounts($id: ID!) {\n    noteCounts(folderId: $id) {\n      all\n    }\n    folder(id: $id) {\n      noteCount\n    }\n  }\n": typeof types.FoldersCountsDocument,
    "\n  query FoldersUpAndDown($id: ID!) {\n    folder(id: $id) {\n      children {\n        parent {\n          children {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.FoldersUpAndDownDocument,
    "\n  subscription FoldersNoteChanges($noteId: ID!) {\n    noteChanges(noteId: $noteId) {\n      __typename\n      ... on NoteChange {\n        changedFields\n        note {\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.FoldersNoteChangesDocument,
    "\n  subscription FoldersGist {\n    notebookChanges {\n      __typename\n      ... on FolderChange {\n        operation\n        folderId\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n    }\n  }\n": typeof types.FoldersGistDocument,
    "\n  mutation LeftAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n": typeof types.LeftAttachmentDocument,
    "\n  mutation LeftAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.LeftAccountDocument,
    "\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n": typeof types.ListingImportDocument,
    "\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ListingNotesDocument,
    "\n  query ListingContents($first: Int) {\n    notes(first: $first) {\n      nodes {\n        id\n        content\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.ListingContentsDocument,
    "\n  query ListingCounts($folderId: ID) {\n    noteCounts(folderId: $folderId) {\n      all\n      starred\n      archived\n      hidden\n      trashed\n      public\n    }\n  }\n": typeof types.ListingCountsDocument,
    "\n  query ListingNotebook {\n    notebook {\n      cursor\n      usedBytes\n      quotaBytes\n    }\n  }\n": typeof types.ListingNotebookDocument,
    "\n  query ListingImportedNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n      }\n      type\n      title\n      content\n      encryptedTitle\n      encryptedContent\n      iv\n      salt\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      version\n      viewerAccess\n      createdAt\n      updatedAt\n    }\n  }\n": typeof types.ListingImportedNoteDocument,
    "\n  query ListingImportedFolder($id: ID!) {\n    folder(id: $id) {\n      name\n      color\n      position\n      isDefault\n      parent {\n        id\n      }\n      createdAt\n      updatedAt\n    }\n  }\n": typeof types.ListingImportedFolderDocument,
    "\n  subscription ListingChanges($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n": typeof types.ListingChangesDocument,
    "\n  fragment NoteState on Note {\n    id\n    type\n    title\n    content\n    encryptedTitle\n    encryptedContent\n    iv\n    salt\n    tags\n    starred\n    archived\n    hidden\n    trashedAt\n    version\n    createdAt\n    updatedAt\n    folder {\n      id\n    }\n  }\n": typeof types.NoteStateFragmentDoc,
    "\n  mutation NotesCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        ...NoteState\n        cursor\n      }\n    }\n  }\n": typeof types.NotesCreateDocument,
    "\n  mutation NotesUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n": typeof types.NotesUpdateDocument,
    "\n  mutation NotesTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n": typeof types.NotesTrashDocument,
    "\n  mutation NotesRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n": typeof types.NotesRestoreDocument,
    "\n  mutation NotesDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.NotesDeleteDocument,
    "\n  mutation NotesEmptyTrash($input: EmptyTrashInput) {\n    emptyTrash(input: $input) {\n      deletedIds\n    }\n  }\n": typeof types.NotesEmptyTrashDocument,
    "\n  query NotesRead($id: ID!) {\n    note(id: $id) {\n      ...NoteState\n      cursor\n    }\n  }\n": typeof types.NotesReadDocument,
    "\n  query NotesSharing($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: $first, after: $after) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.NotesSharingDocument,
    "\n  query NotesRevisions($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      revisions(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            version\n            title\n            content\n            encryptedTitle\n            encryptedContent\n            iv\n            salt\n            createdAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.NotesRevisionsDocument,
    "\n  query NotesRevision($id: ID!) {\n    node(id: $id) {\n      id\n      ... on NoteRevision {\n        version\n        title\n      }\n    }\n  }\n": typeof types.NotesRevisionDocument,
    "\n  query NotesList($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...NoteState\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.NotesListDocument,
    "\n  mutation NotesPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n": typeof types.NotesPublishDocument,
    "\n  subscription NotesChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n    }\n  }\n": typeof types.NotesChangesDocument,
    "\n  subscription NotesNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n": typeof types.NotesNotebookDocument,
    "\n  query PlansNested($filter: NoteFilter, $first: Int!) {\n    notes(filter: $filter, first: $first) {\n      nodes {\n        id\n        cursor\n        viewerAccess\n        owner {\n          id\n        }\n        folder {\n          id\n          noteCount\n          parent {\n            id\n          }\n          children {\n            id\n          }\n        }\n        attachments {\n          id\n          sizeBytes\n        }\n        publication {\n          slug\n        }\n        revisions(first: 2) {\n          nodes {\n            id\n            version\n          }\n        }\n        members(first: 3) {\n          nodes {\n            access\n            user {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.PlansNestedDocument,
    "\n  query PlansFolders {\n    folders {\n      id\n      noteCount\n      parent {\n        id\n      }\n      children {\n        id\n      }\n    }\n  }\n": typeof types.PlansFoldersDocument,
    "\n  query PlansCollections {\n    collections {\n      name\n      recordCount\n      cursor\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: 3) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.PlansCollectionsDocument,
    "\n  query PlansRecords($collection: String!, $first: Int!, $after: String, $includeDeleted: Boolean, $updatedSince: DateTime) {\n    records(collection: $collection, first: $first, after: $after, includeDeleted: $includeDeleted, updatedSince: $updatedSince) {\n      nodes {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      pageInfo {\n        endCursor\n      }\n    }\n  }\n": typeof types.PlansRecordsDocument,
    "\n  query PlansDocuments($first: Int!) {\n    documents(first: $first) {\n      nodes {\n        id\n        fields\n        a: field(path: \"a\") {\n          value\n        }\n        never: field(path: \"b\") {\n          value\n        }\n        clock\n        viewerAccess\n        members(first: 3) {\n          nodes {\n            user {\n              id\n            }\n          }\n        }\n        snapshots(first: 3) {\n          nodes {\n            id\n            fields\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n        awareness {\n          state\n        }\n      }\n    }\n  }\n": typeof types.PlansDocumentsDocument,
    "\n  mutation StatementsAttach($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n": typeof types.StatementsAttachDocument,
    "\n  fragment PublicationState on PublicNote {\n    slug\n    title\n    content\n    type\n    authorName\n    publishedAt\n    updatedAt\n  }\n": typeof types.PublicationStateFragmentDoc,
    "\n  mutation PublicationsPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        ...PublicationState\n      }\n    }\n  }\n": typeof types.PublicationsPublishDocument,
    "\n  mutation PublicationsUnpublish($input: UnpublishNoteInput!) {\n    unpublishNote(input: $input) {\n      note {\n        id\n        version\n        publication {\n          slug\n        }\n      }\n    }\n  }\n": typeof types.PublicationsUnpublishDocument,
    "\n  query PublicationsRead($slug: String!) {\n    publicNote(slug: $slug) {\n      ...PublicationState\n    }\n  }\n": typeof types.PublicationsReadDocument,
    "\n  query PublicationsOfNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      publication {\n        ...PublicationState\n      }\n    }\n  }\n": typeof types.PublicationsOfNoteDocument,
    "\n  mutation PublicationsCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.PublicationsCreateDocument,
    "\n  mutation PublicationsTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.PublicationsTrashDocument,
    "\n  mutation PublicationsRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        publication {\n          slug\n        }\n      }\n    }\n  }\n": typeof types.PublicationsRestoreDocument,
    "\n  mutation PublicationsDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.PublicationsDeleteDocument,
    "\n  mutation PublicationsEmptyTrash {\n    emptyTrash {\n      deletedIds\n    }\n  }\n": typeof types.PublicationsEmptyTrashDocument,
    "\n  mutation PublicationsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.PublicationsDeleteAccountDocument,
    "\n  subscription PublicationsNoteChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        by {\n          id\n        }\n        note {\n          version\n          publication {\n            slug\n            title\n          }\n        }\n      }\n    }\n  }\n": typeof types.PublicationsNoteChangesDocument,
    "\n  query PresenceRead($userIds: [ID!]!) {\n    presence(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n": typeof types.PresenceReadDocument,
    "\n  subscription PresenceChanges($userIds: [ID!]!) {\n    presenceChanges(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n": typeof types.PresenceChangesDocument,
    "\n  query PresenceOfMembers($chatId: ID!) {\n    chat(id: $chatId) {\n      members {\n        presence {\n          online\n          lastSeenAt\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.PresenceOfMembersDocument,
    "\n  mutation PresenceDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.PresenceDeleteAccountDocument,
    "\n  mutation PresenceLogout($input: LogoutInput!) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n": typeof types.PresenceLogoutDocument,
    "\n  mutation SignalsSetTyping($input: SetTypingInput!) {\n    setTyping(input: $input) {\n      isTyping\n    }\n  }\n": typeof types.SignalsSetTypingDocument,
    "\n  subscription SignalsOfChat($chatId: ID!) {\n    chatSignals(chatId: $chatId) {\n      ... on Typing {\n        chatId\n        isTyping\n        user {\n          id\n        }\n      }\n      ... on Presence {\n        online\n        lastSeenAt\n        user {\n          id\n        }\n      }\n    }\n  }\n": typeof types.SignalsOfChatDocument,
    "\n  query SignalsTyping($chatId: ID!) {\n    chat(id: $chatId) {\n      cursor\n      typing {\n        id\n      }\n    }\n  }\n": typeof types.SignalsTypingDocument,
    "\n  mutation WeightCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.WeightCreateDocument,
    "\n  mutation WeightUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": typeof types.WeightUpdateDocument,
    "\n  mutation SignaturesRegister($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n": typeof types.SignaturesRegisterDocument,
    "\n  mutation SignaturesLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n": typeof types.SignaturesLoginDocument,
    "\n  mutation SignaturesRefresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n": typeof types.SignaturesRefreshDocument,
    "\n  mutation SignaturesChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n": typeof types.SignaturesChangePasswordDocument,
    "\n  mutation SignaturesCreate($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n      }\n    }\n  }\n": typeof types.SignaturesCreateDocument,
    "\n  query SignaturesList {\n    documents {\n      nodes {\n        name\n      }\n    }\n  }\n": typeof types.SignaturesListDocument,
    "\n  mutation SignaturesIssue($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      signingKey\n    }\n  }\n": typeof types.SignaturesIssueDocument,
    "\n  mutation VaultStoreKey($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n  fragment VaultKeyState on VaultKey {\n    vaultId\n    encryptedVaultKey\n    salt\n    nonce\n    encryptedName\n    version\n    createdAt\n    updatedAt\n  }\n": typeof types.VaultStoreKeyDocument,
    "\n  mutation VaultRotateKey($input: RotateVaultKeyInput!) {\n    rotateVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n": typeof types.VaultRotateKeyDocument,
    "\n  mutation VaultDelete($input: DeleteVaultInput!) {\n    deleteVault(input: $input) {\n      deletedId\n    }\n  }\n": typeof types.VaultDeleteDocument,
    "\n  mutation VaultPush($input: PushVaultLogsInput!) {\n    pushVaultLogs(input: $input) {\n      headSequence\n      logs {\n        ...VaultLogState\n      }\n    }\n  }\n  fragment VaultLogState on VaultLog {\n    cursor\n    id\n    sequence\n    encryptedData\n    nonce\n    haexTimestamp\n    deviceId\n    createdAt\n  }\n": typeof types.VaultPushDocument,
    "\n  query VaultRead($id: ID!) {\n    vault(id: $id) {\n      id\n      headSequence\n      logBytes\n      cursor\n      createdAt\n      key {\n        ...VaultKeyState\n      }\n    }\n  }\n": typeof types.VaultReadDocument,
    "\n  query VaultList($first: Int) {\n    vaults {\n      id\n      headSequence\n      logs(first: $first) {\n        hasMore\n        endSequence\n        nodes {\n          haexTimestamp\n        }\n      }\n    }\n  }\n": typeof types.VaultListDocument,
    "\n  query VaultReadLogs($id: ID!, $afterSequence: BigInt, $first: Int, $excludeDeviceId: ID) {\n    vault(id: $id) {\n      logs(afterSequence: $afterSequence, first: $first, excludeDeviceId: $excludeDeviceId) {\n        hasMore\n        endSequence\n        endCursor\n        nodes {\n          ...VaultLogState\n        }\n      }\n    }\n  }\n": typeof types.VaultReadLogsDocument,
    "\n  subscription VaultFeed($vaultId: ID!, $after: Cursor) {\n    vaultLogs(vaultId: $vaultId, after: $after) {\n      __typename\n      cursor\n      ... on VaultLog {\n        ...VaultLogState\n      }\n    }\n  }\n": typeof types.VaultFeedDocument,
};
const documents: Documents = {
    "\n  mutation MatrixDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n    }\n  }\n": types.MatrixDeviceDocument,
    "\n  mutation MatrixAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n": types.MatrixAttachmentDocument,
    "\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n": types.MatrixLoginDocument,
    "\n  mutation MatrixVault($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        vaultId\n      }\n    }\n  }\n": types.MatrixVaultDocument,
    "\n  mutation MatrixChat($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        id\n      }\n    }\n  }\n": types.MatrixChatDocument,
    "\n  mutation MatrixMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n": types.MatrixMessageDocument,
    "\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n": types.MatrixFolderDocument,
    "\n  mutation MatrixNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.MatrixNoteDocument,
    "\n  mutation MatrixNoteUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        revisions {\n          nodes {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.MatrixNoteUpdateDocument,
    "\n  mutation MatrixRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      record {\n        id\n        collectionId\n      }\n    }\n  }\n": types.MatrixRecordDocument,
    "\n  mutation MatrixPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n": types.MatrixPublishDocument,
    "\n  mutation MatrixAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clock\n      }\n    }\n  }\n": types.MatrixAwarenessDocument,
    "\n  mutation Login($input: LoginInput!) {\n    login(input: $input) {\n      session {\n        current\n        device {\n          name\n        }\n      }\n      user {\n        email\n      }\n    }\n  }\n": types.LoginDocument,
    "\n  query WhoAmI {\n    viewer {\n      id\n      email\n      role\n    }\n  }\n": types.WhoAmIDocument,
    "\n  query WhereAmI {\n    sessions {\n      id\n      current\n    }\n    devices {\n      id\n      name\n    }\n  }\n": types.WhereAmIDocument,
    "\n  query NodeTypes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n    }\n  }\n": types.NodeTypesDocument,
    "\n  query ReadUser($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n      }\n    }\n  }\n": types.ReadUserDocument,
    "\n  query FindByEmail($email: String!) {\n    userByEmail(email: $email) {\n      id\n      email\n    }\n  }\n": types.FindByEmailDocument,
    "\n  mutation VerifyToken($input: VerifyTokenInput!) {\n    verifyToken(input: $input) {\n      valid\n      reason\n      user {\n        id\n        email\n      }\n    }\n  }\n": types.VerifyTokenDocument,
    "\n  mutation Logout($input: LogoutInput) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n": types.LogoutDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n": types.RevokeSessionDocument,
    "\n  mutation DeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.DeleteAccountDocument,
    "\n  query MembersOf($id: ID!) {\n    document(id: $id) {\n      name\n      members {\n        nodes {\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.MembersOfDocument,
    "\n  query AdminUsers($search: String, $first: Int, $after: String) {\n    users(search: $search, first: $first, after: $after) {\n      nodes {\n        id\n        email\n        displayName\n        role\n        createdAt\n        sessionCount\n        sessionsUsedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AdminUsersDocument,
    "\n  mutation AdminSetRole($input: SetRoleInput!) {\n    setRole(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n": types.AdminSetRoleDocument,
    "\n  query AdminSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      current\n    }\n  }\n": types.AdminSessionsDocument,
    "\n  mutation AdminRevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n": types.AdminRevokeSessionDocument,
    "\n  mutation AdminIssueToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n        email\n        displayName\n        role\n        emailVerified\n      }\n    }\n  }\n": types.AdminIssueTokenDocument,
    "\n  mutation AdminRotateTokens($input: RotateTokensInput!) {\n    rotateTokens(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n      }\n    }\n  }\n": types.AdminRotateTokensDocument,
    "\n  mutation AdminRevokeToken($input: RevokeTokenInput!) {\n    revokeToken(input: $input) {\n      revokedJti\n    }\n  }\n": types.AdminRevokeTokenDocument,
    "\n  query AdminIssuedTokens($userId: ID!) {\n    issuedTokens(userId: $userId) {\n      jti\n      scopes\n      createdAt\n      expiresAt\n    }\n  }\n": types.AdminIssuedTokensDocument,
    "\n  query AdminAudit($action: String) {\n    auditLog(action: $action, first: 100) {\n      nodes {\n        action\n        target\n        details\n        actor {\n          id\n        }\n      }\n    }\n  }\n": types.AdminAuditDocument,
    "\n  query AdminWhoAmI {\n    viewer {\n      id\n      role\n      sessionCount\n    }\n  }\n": types.AdminWhoAmIDocument,
    "\n  query AdminUserNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n        sessionCount\n      }\n    }\n  }\n": types.AdminUserNodeDocument,
    "\n  mutation ExportsCreate($input: CreateExportInput!) {\n    createExport(input: $input) {\n      export {\n        id\n        kind\n        format\n        status\n        progress\n        downloadUrl\n        userId\n        since\n        createdBy {\n          id\n        }\n      }\n    }\n  }\n": types.ExportsCreateDocument,
    "\n  query ExportsOne($id: ID!) {\n    export(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      sizeBytes\n      downloadUrl\n      error\n      expiresAt\n    }\n  }\n": types.ExportsOneDocument,
    "\n  query ExportsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Export {\n        kind\n        status\n      }\n    }\n  }\n": types.ExportsNodeDocument,
    "\n  query ExportsList($first: Int, $after: String) {\n    exports(first: $first, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ExportsListDocument,
    "\n  subscription ExportsProgress($id: ID!) {\n    exportProgress(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      downloadUrl\n      error\n    }\n  }\n": types.ExportsProgressDocument,
    "\n  query ExportsAudit($action: String!) {\n    auditLog(action: $action, first: 20) {\n      nodes {\n        action\n        target\n        details\n        ip\n      }\n    }\n  }\n": types.ExportsAuditDocument,
    "\n  query StatsNow {\n    serverStats {\n      at\n      version\n      uptimeSeconds\n      nodes\n      connections\n      authenticatedConnections\n      subscriptions\n      messagesPerSecond\n      operationsPerSecond\n      latencyP50Ms\n      latencyP99Ms\n      users\n      documents\n      records\n      notes\n      chats\n      vaults\n      databaseBytes\n      countedAt\n    }\n  }\n": types.StatsNowDocument,
    "\n  subscription StatsFollow($intervalMs: Int) {\n    serverStats(intervalMs: $intervalMs) {\n      at\n      nodes\n      connections\n    }\n  }\n": types.StatsFollowDocument,
    "\n  query StatsConnections($first: Int) {\n    connectionsByUser(first: $first) {\n      user {\n        id\n        email\n      }\n      deviceCount\n    }\n  }\n": types.StatsConnectionsDocument,
    "\n  fragment AuditAll on AuditEntry {\n    id\n    seq\n    at\n    actorId\n    actorBy\n    actor {\n      id\n      displayName\n    }\n    action\n    target\n    ip\n    details\n    hash\n    previousHash\n    cursor\n  }\n": types.AuditAllFragmentDoc,
    "\n  query AuditRead($first: Int, $after: String, $actorId: ID, $action: String) {\n    auditLog(first: $first, after: $after, actorId: $actorId, action: $action) {\n      nodes {\n        ...AuditAll\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AuditReadDocument,
    "\n  subscription AuditFollow($after: Cursor) {\n    auditEvents(after: $after) {\n      ...AuditAll\n    }\n  }\n": types.AuditFollowDocument,
    "\n  query AuditNode($id: ID!) {\n    node(id: $id) {\n      ... on AuditEntry {\n        action\n        target\n      }\n    }\n  }\n": types.AuditNodeDocument,
    "\n  mutation AuditLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      session {\n        id\n        device {\n          id\n        }\n      }\n    }\n  }\n": types.AuditLoginDocument,
    "\n  mutation ChatsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.ChatsDeleteAccountDocument,
    "\n  mutation ChatsCreate($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n\n  fragment ChatsChat on Chat {\n    id\n    title\n    historyVisible\n    viewerAccess\n    unreadCount\n    cursor\n    createdAt\n    members {\n      access\n      readAt\n      user {\n        id\n      }\n      lastRead {\n        id\n      }\n    }\n    lastMessage {\n      ...ChatsMessage\n    }\n  }\n\n  fragment ChatsMessage on Message {\n    id\n    chatId\n    content\n    editedAt\n    deletedAt\n    createdAt\n    sender {\n      id\n      displayName\n    }\n    replyTo {\n      id\n      content\n      replyTo {\n        id\n        content\n      }\n    }\n    readBy {\n      messageId\n      readAt\n      user {\n        id\n      }\n    }\n  }\n": types.ChatsCreateDocument,
    "\n  mutation ChatsUpdate($input: UpdateChatInput!) {\n    updateChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n": types.ChatsUpdateDocument,
    "\n  mutation ChatsAddMembers($input: AddChatMembersInput!) {\n    addChatMembers(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n": types.ChatsAddMembersDocument,
    "\n  mutation ChatsRemoveMember($input: RemoveChatMemberInput!) {\n    removeChatMember(input: $input) {\n      removedUserId\n    }\n  }\n": types.ChatsRemoveMemberDocument,
    "\n  mutation ChatsSend($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      cursor\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n": types.ChatsSendDocument,
    "\n  mutation ChatsEdit($input: EditMessageInput!) {\n    editMessage(input: $input) {\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n": types.ChatsEditDocument,
    "\n  mutation ChatsDelete($input: DeleteMessageInput!) {\n    deleteMessage(input: $input) {\n      deletedId\n    }\n  }\n": types.ChatsDeleteDocument,
    "\n  mutation ChatsMarkRead($input: MarkReadInput!) {\n    markRead(input: $input) {\n      unreadCount\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n  }\n": types.ChatsMarkReadDocument,
    "\n  query ChatsRead($id: ID!) {\n    chat(id: $id) {\n      ...ChatsChat\n    }\n  }\n": types.ChatsReadDocument,
    "\n  query ChatsMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    chat(id: $id) {\n      messages(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            id\n          }\n        }\n        nodes {\n          ...ChatsMessage\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": types.ChatsMessagesDocument,
    "\n  query ChatsList($first: Int, $after: String) {\n    chats(first: $first, after: $after) {\n      edges {\n        cursor\n      }\n      nodes {\n        id\n        title\n        unreadCount\n        lastMessage {\n          id\n          content\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        endCursor\n      }\n    }\n  }\n": types.ChatsListDocument,
    "\n  query ChatsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Chat {\n        title\n      }\n      ... on Message {\n        content\n        chatId\n      }\n    }\n  }\n": types.ChatsNodeDocument,
    "\n  subscription ChatsEvents($chatId: ID!, $after: Cursor) {\n    chatEvents(chatId: $chatId, after: $after) {\n      ...ChatsEvent\n    }\n  }\n\n  fragment ChatsEvent on ChatEvent {\n    __typename\n    ... on FeedItem {\n      cursor\n    }\n    ... on MessageSent {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageEdited {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageDeleted {\n      chatId\n      messageId\n    }\n    ... on MessageRead {\n      chatId\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberJoined {\n      chatId\n      member {\n        access\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberLeft {\n      chatId\n      userId\n    }\n    ... on ChatUpdated {\n      chatId\n      chat {\n        id\n        title\n        historyVisible\n        members {\n          access\n          user {\n            id\n          }\n          lastRead {\n            id\n            content\n          }\n        }\n        lastMessage {\n          id\n          content\n        }\n      }\n    }\n  }\n": types.ChatsEventsDocument,
    "\n  subscription ChatsInbox($after: Cursor) {\n    inboxEvents(after: $after) {\n      ...ChatsEvent\n    }\n  }\n": types.ChatsInboxDocument,
    "\n  query ChatsListWhole($first: Int) {\n    chats(first: $first) {\n      nodes {\n        ...ChatsChat\n        messages(last: 3) {\n          nodes {\n            ...ChatsMessage\n          }\n        }\n      }\n    }\n  }\n": types.ChatsListWholeDocument,
    "\n  subscription ChatsViewedEvents($chatId: ID!) {\n    chatEvents(chatId: $chatId) {\n      __typename\n      ... on ChatUpdated {\n        chat {\n          unreadCount\n          viewerAccess\n        }\n      }\n    }\n  }\n": types.ChatsViewedEventsDocument,
    "\n  mutation ChatsLeaveForGood($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.ChatsLeaveForGoodDocument,
    "\n  fragment CollectionsRecord on Record {\n    id\n    collection\n    key\n    value\n    version\n    updatedAt\n    deletedAt\n    expiresAt\n  }\n": types.CollectionsRecordFragmentDoc,
    "\n  mutation CollectionsPutRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n": types.CollectionsPutRecordDocument,
    "\n  mutation CollectionsPutRecords($input: PutRecordsInput!) {\n    putRecords(input: $input) {\n      results {\n        applied\n        record {\n          ...CollectionsRecord\n        }\n        conflict {\n          reason\n          existing {\n            ...CollectionsRecord\n          }\n        }\n      }\n    }\n  }\n": types.CollectionsPutRecordsDocument,
    "\n  mutation CollectionsDeleteRecord($input: DeleteRecordInput!) {\n    deleteRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n": types.CollectionsDeleteRecordDocument,
    "\n  query CollectionsReadRecord($collection: String!, $key: String!, $owner: ID) {\n    record(collection: $collection, key: $key, owner: $owner) {\n      ...CollectionsRecord\n      collectionId\n      owner {\n        id\n      }\n    }\n  }\n": types.CollectionsReadRecordDocument,
    "\n  query CollectionsRecords($collection: String!, $owner: ID, $updatedSince: DateTime, $includeDeleted: Boolean, $first: Int, $after: String) {\n    records(collection: $collection, owner: $owner, updatedSince: $updatedSince, includeDeleted: $includeDeleted, first: $first, after: $after) {\n      cursor\n      edges {\n        cursor\n      }\n      nodes {\n        ...CollectionsRecord\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.CollectionsRecordsDocument,
    "\n  query CollectionsList {\n    collections {\n      id\n      name\n      recordCount\n      viewerAccess\n      cursor\n      createdAt\n      owner {\n        id\n      }\n      members {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.CollectionsListDocument,
    "\n  query CollectionsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Record {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      ... on Collection {\n        name\n        recordCount\n      }\n    }\n  }\n": types.CollectionsNodeDocument,
    "\n  subscription CollectionsChanges($collection: String!, $owner: ID, $after: Cursor) {\n    recordChanges(collection: $collection, owner: $owner, after: $after) {\n      __typename\n      cursor\n      ... on RecordChange {\n        operation\n        at\n        by {\n          id\n        }\n        record {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n": types.CollectionsChangesDocument,
    "\n  mutation CollectionsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.CollectionsDeleteAccountDocument,
    "\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n": types.ReadSnapshotDocument,
    "\n  mutation ImportTestLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n": types.ImportTestLoginDocument,
    "\n  query ImportTestNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n        name\n        color\n        position\n        parent {\n          id\n          name\n        }\n      }\n      type\n      title\n      content\n      encryptedContent\n      iv\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      createdAt\n      updatedAt\n    }\n  }\n": types.ImportTestNoteDocument,
    "\n  query ImportTestNotes($filter: NoteFilter, $after: String) {\n    notes(filter: $filter, first: 500, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ImportTestNotesDocument,
    "\n  query ImportTestFolders {\n    folders {\n      id\n      name\n    }\n  }\n": types.ImportTestFoldersDocument,
    "\n  query ImportTestRecord($collection: String!, $key: String!) {\n    record(collection: $collection, key: $key) {\n      value\n      updatedAt\n      deletedAt\n    }\n  }\n": types.ImportTestRecordDocument,
    "\n  query ImportTestRecords($collection: String!, $after: String) {\n    records(collection: $collection, includeDeleted: true, first: 500, after: $after) {\n      nodes {\n        key\n        version\n        updatedAt\n        deletedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ImportTestRecordsDocument,
    "\n  mutation ToManyLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n": types.ToManyLoginDocument,
    "\n  mutation ToManyToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      jti\n    }\n  }\n": types.ToManyTokenDocument,
    "\n  mutation ToManyAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clientId\n      }\n    }\n  }\n": types.ToManyAwarenessDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n      session {\n        id\n      }\n      user {\n        id\n        email\n        role\n      }\n    }\n  }\n": types.RegisterDocument,
    "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n  }\n": types.RefreshSessionDocument,
    "\n  mutation ClaimAdmin($input: ClaimAdminInput!) {\n    claimAdmin(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n": types.ClaimAdminDocument,
    "\n  mutation CreateDocument($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n        fields\n        clock\n        cursor\n        viewerAccess\n        createdAt\n        updatedAt\n        deletedAt\n      }\n    }\n  }\n": types.CreateDocumentDocument,
    "\n  query ReadDocument($id: ID!) {\n    document(id: $id) {\n      id\n      name\n      fields\n      clock\n      cursor\n      viewerAccess\n      createdAt\n      updatedAt\n      deletedAt\n    }\n  }\n": types.ReadDocumentDocument,
    "\n  query ReadField($id: ID!, $path: String!) {\n    document(id: $id) {\n      field(path: $path) {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n    }\n  }\n": types.ReadFieldDocument,
    "\n  query ListDocuments($first: Int, $after: String, $includeDeleted: Boolean) {\n    documents(first: $first, after: $after, includeDeleted: $includeDeleted) {\n      edges {\n        cursor\n        node {\n          id\n          deletedAt\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ListDocumentsDocument,
    "\n  mutation DeleteDocument($input: DeleteDocumentInput!) {\n    deleteDocument(input: $input) {\n      deletedId\n    }\n  }\n": types.DeleteDocumentDocument,
    "\n  mutation RestoreDocument($input: RestoreDocumentInput!) {\n    restoreDocument(input: $input) {\n      document {\n        id\n        fields\n        deletedAt\n      }\n    }\n  }\n": types.RestoreDocumentDocument,
    "\n  mutation PushDelta($input: PushDeltaInput!) {\n    pushDelta(input: $input) {\n      applied\n      delta {\n        cursor\n        documentId\n        clientId\n        clock\n        at\n        author {\n          id\n        }\n        writes {\n          path\n          value\n          deleted\n          timestamp\n          clientId\n          counter\n        }\n      }\n      superseded {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n      document {\n        cursor\n        fields\n      }\n    }\n  }\n": types.PushDeltaDocument,
    "\n  query ReadChanges($id: ID!, $after: Cursor, $since: VectorClock, $first: Int) {\n    document(id: $id) {\n      changes(after: $after, since: $since, first: $first) {\n        edges {\n          cursor\n          node {\n            cursor\n            clientId\n            clock\n            writes {\n              path\n              value\n              deleted\n              counter\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ReadChangesDocument,
    "\n  query ListMembers($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      members(first: $first, after: $after) {\n        edges {\n          cursor\n        }\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ListMembersDocument,
    "\n  mutation SetAccess($input: SetAccessInput!) {\n    setAccess(input: $input) {\n      member {\n        access\n        since\n        user {\n          id\n        }\n      }\n    }\n  }\n": types.SetAccessDocument,
    "\n  mutation RemoveAccess($input: RemoveAccessInput!) {\n    removeAccess(input: $input) {\n      removedUserId\n    }\n  }\n": types.RemoveAccessDocument,
    "\n  mutation CreateSnapshot($input: CreateSnapshotInput!) {\n    createSnapshot(input: $input) {\n      snapshot {\n        id\n        documentId\n        label\n        fields\n        clock\n        sizeBytes\n        createdAt\n      }\n    }\n  }\n": types.CreateSnapshotDocument,
    "\n  query ListSnapshots($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      snapshots(first: $first, after: $after) {\n        nodes {\n          id\n          label\n          fields\n          clock\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ListSnapshotsDocument,
    "\n  mutation RestoreSnapshot($input: RestoreSnapshotInput!) {\n    restoreSnapshot(input: $input) {\n      document {\n        id\n        fields\n        clock\n      }\n    }\n  }\n": types.RestoreSnapshotDocument,
    "\n  mutation DeleteSnapshot($input: DeleteSnapshotInput!) {\n    deleteSnapshot(input: $input) {\n      deletedId\n    }\n  }\n": types.DeleteSnapshotDocument,
    "\n  subscription DocumentChanges($id: ID!, $after: Cursor) {\n    documentChanges(documentId: $id, after: $after) {\n      __typename\n      cursor\n      ... on DocumentDelta {\n        clientId\n        clock\n        writes {\n          path\n          value\n          deleted\n          counter\n        }\n      }\n      ... on DocumentRemoved {\n        at\n      }\n      ... on DocumentRestored {\n        at\n      }\n    }\n  }\n": types.DocumentChangesDocument,
    "\n  mutation RenewConnection($input: RenewConnectionInput!) {\n    renewConnection(input: $input) {\n      expiresAt\n    }\n  }\n": types.RenewConnectionDocument,
    "\n  mutation NotesDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.NotesDeleteAccountDocument,
    "\n  fragment AttachmentState on Attachment {\n    id\n    encryptedName\n    mimeType\n    sizeBytes\n    iv\n    salt\n    createdAt\n  }\n": types.AttachmentStateFragmentDoc,
    "\n  mutation AttachmentsAdd($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n": types.AttachmentsAddDocument,
    "\n  mutation AttachmentsUpload($input: UploadAttachmentInput!) {\n    uploadAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n": types.AttachmentsUploadDocument,
    "\n  mutation AttachmentsRemove($input: RemoveAttachmentInput!) {\n    removeAttachment(input: $input) {\n      removedId\n    }\n  }\n": types.AttachmentsRemoveDocument,
    "\n  query AttachmentsList($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      attachments {\n        ...AttachmentState\n      }\n    }\n    notebook {\n      usedBytes\n      quotaBytes\n    }\n  }\n": types.AttachmentsListDocument,
    "\n  query AttachmentsRead($id: ID!) {\n    node(id: $id) {\n      ... on Attachment {\n        ...AttachmentState\n        encryptedData\n      }\n    }\n  }\n": types.AttachmentsReadDocument,
    "\n  query AttachmentsLink($id: ID!, $ttlSeconds: Int! = 300) {\n    node(id: $id) {\n      ... on Attachment {\n        downloadUrl(ttlSeconds: $ttlSeconds)\n      }\n    }\n  }\n": types.AttachmentsLinkDocument,
    "\n  subscription AttachmentsFollow($id: ID!) {\n    noteChanges(noteId: $id) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        changedFields\n        note {\n          version\n          attachments {\n            id\n            downloadUrl\n          }\n        }\n      }\n    }\n  }\n": types.AttachmentsFollowDocument,
    "\n  query AttachmentsOfNotes($first: Int!) {\n    notes(first: $first) {\n      nodes {\n        id\n        attachments {\n          id\n          sizeBytes\n          encryptedData\n          downloadUrl\n        }\n      }\n    }\n  }\n": types.AttachmentsOfNotesDocument,
    "\n  fragment FolderState on Folder {\n    id\n    name\n    color\n    position\n    isDefault\n    createdAt\n    updatedAt\n    parent {\n      id\n    }\n  }\n": types.FolderStateFragmentDoc,
    "\n  query FoldersList {\n    folders {\n      ...FolderState\n    }\n  }\n": types.FoldersListDocument,
    "\n  query FoldersRead($id: ID!) {\n    folder(id: $id) {\n      ...FolderState\n      noteCount\n      children {\n        id\n      }\n    }\n  }\n": types.FoldersReadDocument,
    "\n  query FoldersReadNodes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Folder {\n        ...FolderState\n      }\n    }\n  }\n": types.FoldersReadNodesDocument,
    "\n  mutation FoldersCreate($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n": types.FoldersCreateDocument,
    "\n  mutation FoldersUpdate($input: UpdateFolderInput!) {\n    updateFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n": types.FoldersUpdateDocument,
    "\n  mutation FoldersReorder($input: ReorderFoldersInput!) {\n    reorderFolders(input: $input) {\n      folders {\n        ...FolderState\n      }\n    }\n  }\n": types.FoldersReorderDocument,
    "\n  mutation FoldersDelete($input: DeleteFolderInput!) {\n    deleteFolder(input: $input) {\n      deletedId\n    }\n  }\n": types.FoldersDeleteDocument,
    "\n  mutation FoldersCreateNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.FoldersCreateNoteDocument,
    "\n  query FoldersReadNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      folder {\n        id\n        name\n      }\n    }\n  }\n": types.FoldersReadNoteDocument,
    "\n  subscription FoldersNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n        at\n        by {\n          id\n        }\n        folder {\n          ...FolderState\n          noteCount\n        }\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        note {\n          version\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.FoldersNotebookDocument,
    "\n  mutation FoldersImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n    }\n  }\n": types.FoldersImportDocument,
    "\n  mutation FoldersMoveNote($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.FoldersMoveNoteDocument,
    "\n  query FoldersTree {\n    folders {\n      id\n      noteCount\n      children {\n        id\n      }\n      parent {\n        id\n        noteCount\n      }\n    }\n  }\n": types.FoldersTreeDocument,
    "\n  query FoldersCounts($id: ID!) {\n    noteCounts(folderId: $id) {\n      all\n    }\n    folder(id: $id) {\n      noteCount\n    }\n  }\n": types.FoldersCountsDocument,
    "\n  query FoldersUpAndDown($id: ID!) {\n    folder(id: $id) {\n      children {\n        parent {\n          children {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.FoldersUpAndDownDocument,
    "\n  subscription FoldersNoteChanges($noteId: ID!) {\n    noteChanges(noteId: $noteId) {\n      __typename\n      ... on NoteChange {\n        changedFields\n        note {\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.FoldersNoteChangesDocument,
    "\n  subscription FoldersGist {\n    notebookChanges {\n      __typename\n      ... on FolderChange {\n        operation\n        folderId\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n    }\n  }\n": types.FoldersGistDocument,
    "\n  mutation LeftAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n": types.LeftAttachmentDocument,
    "\n  mutation LeftAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.LeftAccountDocument,
    "\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n": types.ListingImportDocument,
    "\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ListingNotesDocument,
    "\n  query ListingContents($first: Int) {\n    notes(first: $first) {\n      nodes {\n        id\n        content\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.ListingContentsDocument,
    "\n  query ListingCounts($folderId: ID) {\n    noteCounts(folderId: $folderId) {\n      all\n      starred\n      archived\n      hidden\n      trashed\n      public\n    }\n  }\n": types.ListingCountsDocument,
    "\n  query ListingNotebook {\n    notebook {\n      cursor\n      usedBytes\n      quotaBytes\n    }\n  }\n": types.ListingNotebookDocument,
    "\n  query ListingImportedNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n      }\n      type\n      title\n      content\n      encryptedTitle\n      encryptedContent\n      iv\n      salt\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      version\n      viewerAccess\n      createdAt\n      updatedAt\n    }\n  }\n": types.ListingImportedNoteDocument,
    "\n  query ListingImportedFolder($id: ID!) {\n    folder(id: $id) {\n      name\n      color\n      position\n      isDefault\n      parent {\n        id\n      }\n      createdAt\n      updatedAt\n    }\n  }\n": types.ListingImportedFolderDocument,
    "\n  subscription ListingChanges($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n": types.ListingChangesDocument,
    "\n  fragment NoteState on Note {\n    id\n    type\n    title\n    content\n    encryptedTitle\n    encryptedContent\n    iv\n    salt\n    tags\n    starred\n    archived\n    hidden\n    trashedAt\n    version\n    createdAt\n    updatedAt\n    folder {\n      id\n    }\n  }\n": types.NoteStateFragmentDoc,
    "\n  mutation NotesCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        ...NoteState\n        cursor\n      }\n    }\n  }\n": types.NotesCreateDocument,
    "\n  mutation NotesUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n": types.NotesUpdateDocument,
    "\n  mutation NotesTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n": types.NotesTrashDocument,
    "\n  mutation NotesRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n": types.NotesRestoreDocument,
    "\n  mutation NotesDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n": types.NotesDeleteDocument,
    "\n  mutation NotesEmptyTrash($input: EmptyTrashInput) {\n    emptyTrash(input: $input) {\n      deletedIds\n    }\n  }\n": types.NotesEmptyTrashDocument,
    "\n  query NotesRead($id: ID!) {\n    note(id: $id) {\n      ...NoteState\n      cursor\n    }\n  }\n": types.NotesReadDocument,
    "\n  query NotesSharing($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: $first, after: $after) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.NotesSharingDocument,
    "\n  query NotesRevisions($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      revisions(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            version\n            title\n            content\n            encryptedTitle\n            encryptedContent\n            iv\n            salt\n            createdAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.NotesRevisionsDocument,
    "\n  query NotesRevision($id: ID!) {\n    node(id: $id) {\n      id\n      ... on NoteRevision {\n        version\n        title\n      }\n    }\n  }\n": types.NotesRevisionDocument,
    "\n  query NotesList($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...NoteState\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.NotesListDocument,
    "\n  mutation NotesPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n": types.NotesPublishDocument,
    "\n  subscription NotesChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n    }\n  }\n": types.NotesChangesDocument,
    "\n  subscription NotesNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n": types.NotesNotebookDocument,
    "\n  query PlansNested($filter: NoteFilter, $first: Int!) {\n    notes(filter: $filter, first: $first) {\n      nodes {\n        id\n        cursor\n        viewerAccess\n        owner {\n          id\n        }\n        folder {\n          id\n          noteCount\n          parent {\n            id\n          }\n          children {\n            id\n          }\n        }\n        attachments {\n          id\n          sizeBytes\n        }\n        publication {\n          slug\n        }\n        revisions(first: 2) {\n          nodes {\n            id\n            version\n          }\n        }\n        members(first: 3) {\n          nodes {\n            access\n            user {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n": types.PlansNestedDocument,
    "\n  query PlansFolders {\n    folders {\n      id\n      noteCount\n      parent {\n        id\n      }\n      children {\n        id\n      }\n    }\n  }\n": types.PlansFoldersDocument,
    "\n  query PlansCollections {\n    collections {\n      name\n      recordCount\n      cursor\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: 3) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.PlansCollectionsDocument,
    "\n  query PlansRecords($collection: String!, $first: Int!, $after: String, $includeDeleted: Boolean, $updatedSince: DateTime) {\n    records(collection: $collection, first: $first, after: $after, includeDeleted: $includeDeleted, updatedSince: $updatedSince) {\n      nodes {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      pageInfo {\n        endCursor\n      }\n    }\n  }\n": types.PlansRecordsDocument,
    "\n  query PlansDocuments($first: Int!) {\n    documents(first: $first) {\n      nodes {\n        id\n        fields\n        a: field(path: \"a\") {\n          value\n        }\n        never: field(path: \"b\") {\n          value\n        }\n        clock\n        viewerAccess\n        members(first: 3) {\n          nodes {\n            user {\n              id\n            }\n          }\n        }\n        snapshots(first: 3) {\n          nodes {\n            id\n            fields\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n        awareness {\n          state\n        }\n      }\n    }\n  }\n": types.PlansDocumentsDocument,
    "\n  mutation StatementsAttach($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n": types.StatementsAttachDocument,
    "\n  fragment PublicationState on PublicNote {\n    slug\n    title\n    content\n    type\n    authorName\n    publishedAt\n    updatedAt\n  }\n": types.PublicationStateFragmentDoc,
    "\n  mutation PublicationsPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        ...PublicationState\n      }\n    }\n  }\n": types.PublicationsPublishDocument,
    "\n  mutation PublicationsUnpublish($input: UnpublishNoteInput!) {\n    unpublishNote(input: $input) {\n      note {\n        id\n        version\n        publication {\n          slug\n        }\n      }\n    }\n  }\n": types.PublicationsUnpublishDocument,
    "\n  query PublicationsRead($slug: String!) {\n    publicNote(slug: $slug) {\n      ...PublicationState\n    }\n  }\n": types.PublicationsReadDocument,
    "\n  query PublicationsOfNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      publication {\n        ...PublicationState\n      }\n    }\n  }\n": types.PublicationsOfNoteDocument,
    "\n  mutation PublicationsCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.PublicationsCreateDocument,
    "\n  mutation PublicationsTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.PublicationsTrashDocument,
    "\n  mutation PublicationsRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        publication {\n          slug\n        }\n      }\n    }\n  }\n": types.PublicationsRestoreDocument,
    "\n  mutation PublicationsDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n": types.PublicationsDeleteDocument,
    "\n  mutation PublicationsEmptyTrash {\n    emptyTrash {\n      deletedIds\n    }\n  }\n": types.PublicationsEmptyTrashDocument,
    "\n  mutation PublicationsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.PublicationsDeleteAccountDocument,
    "\n  subscription PublicationsNoteChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        by {\n          id\n        }\n        note {\n          version\n          publication {\n            slug\n            title\n          }\n        }\n      }\n    }\n  }\n": types.PublicationsNoteChangesDocument,
    "\n  query PresenceRead($userIds: [ID!]!) {\n    presence(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n": types.PresenceReadDocument,
    "\n  subscription PresenceChanges($userIds: [ID!]!) {\n    presenceChanges(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n": types.PresenceChangesDocument,
    "\n  query PresenceOfMembers($chatId: ID!) {\n    chat(id: $chatId) {\n      members {\n        presence {\n          online\n          lastSeenAt\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.PresenceOfMembersDocument,
    "\n  mutation PresenceDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n": types.PresenceDeleteAccountDocument,
    "\n  mutation PresenceLogout($input: LogoutInput!) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n": types.PresenceLogoutDocument,
    "\n  mutation SignalsSetTyping($input: SetTypingInput!) {\n    setTyping(input: $input) {\n      isTyping\n    }\n  }\n": types.SignalsSetTypingDocument,
    "\n  subscription SignalsOfChat($chatId: ID!) {\n    chatSignals(chatId: $chatId) {\n      ... on Typing {\n        chatId\n        isTyping\n        user {\n          id\n        }\n      }\n      ... on Presence {\n        online\n        lastSeenAt\n        user {\n          id\n        }\n      }\n    }\n  }\n": types.SignalsOfChatDocument,
    "\n  query SignalsTyping($chatId: ID!) {\n    chat(id: $chatId) {\n      cursor\n      typing {\n        id\n      }\n    }\n  }\n": types.SignalsTypingDocument,
    "\n  mutation WeightCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.WeightCreateDocument,
    "\n  mutation WeightUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n": types.WeightUpdateDocument,
    "\n  mutation SignaturesRegister($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n": types.SignaturesRegisterDocument,
    "\n  mutation SignaturesLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n": types.SignaturesLoginDocument,
    "\n  mutation SignaturesRefresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n": types.SignaturesRefreshDocument,
    "\n  mutation SignaturesChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n": types.SignaturesChangePasswordDocument,
    "\n  mutation SignaturesCreate($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n      }\n    }\n  }\n": types.SignaturesCreateDocument,
    "\n  query SignaturesList {\n    documents {\n      nodes {\n        name\n      }\n    }\n  }\n": types.SignaturesListDocument,
    "\n  mutation SignaturesIssue($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      signingKey\n    }\n  }\n": types.SignaturesIssueDocument,
    "\n  mutation VaultStoreKey($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n  fragment VaultKeyState on VaultKey {\n    vaultId\n    encryptedVaultKey\n    salt\n    nonce\n    encryptedName\n    version\n    createdAt\n    updatedAt\n  }\n": types.VaultStoreKeyDocument,
    "\n  mutation VaultRotateKey($input: RotateVaultKeyInput!) {\n    rotateVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n": types.VaultRotateKeyDocument,
    "\n  mutation VaultDelete($input: DeleteVaultInput!) {\n    deleteVault(input: $input) {\n      deletedId\n    }\n  }\n": types.VaultDeleteDocument,
    "\n  mutation VaultPush($input: PushVaultLogsInput!) {\n    pushVaultLogs(input: $input) {\n      headSequence\n      logs {\n        ...VaultLogState\n      }\n    }\n  }\n  fragment VaultLogState on VaultLog {\n    cursor\n    id\n    sequence\n    encryptedData\n    nonce\n    haexTimestamp\n    deviceId\n    createdAt\n  }\n": types.VaultPushDocument,
    "\n  query VaultRead($id: ID!) {\n    vault(id: $id) {\n      id\n      headSequence\n      logBytes\n      cursor\n      createdAt\n      key {\n        ...VaultKeyState\n      }\n    }\n  }\n": types.VaultReadDocument,
    "\n  query VaultList($first: Int) {\n    vaults {\n      id\n      headSequence\n      logs(first: $first) {\n        hasMore\n        endSequence\n        nodes {\n          haexTimestamp\n        }\n      }\n    }\n  }\n": types.VaultListDocument,
    "\n  query VaultReadLogs($id: ID!, $afterSequence: BigInt, $first: Int, $excludeDeviceId: ID) {\n    vault(id: $id) {\n      logs(afterSequence: $afterSequence, first: $first, excludeDeviceId: $excludeDeviceId) {\n        hasMore\n        endSequence\n        endCursor\n        nodes {\n          ...VaultLogState\n        }\n      }\n    }\n  }\n": types.VaultReadLogsDocument,
    "\n  subscription VaultFeed($vaultId: ID!, $after: Cursor) {\n    vaultLogs(vaultId: $vaultId, after: $after) {\n      __typename\n      cursor\n      ... on VaultLog {\n        ...VaultLogState\n      }\n    }\n  }\n": types.VaultFeedDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixVault($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        vaultId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixVault($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        vaultId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixChat($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixChat($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixNoteUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        revisions {\n          nodes {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixNoteUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        revisions {\n          nodes {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      record {\n        id\n        collectionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      record {\n        id\n        collectionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clock\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clock\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Login($input: LoginInput!) {\n    login(input: $input) {\n      session {\n        current\n        device {\n          name\n        }\n      }\n      user {\n        email\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Login($input: LoginInput!) {\n    login(input: $input) {\n      session {\n        current\n        device {\n          name\n        }\n      }\n      user {\n        email\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoAmI {\n    viewer {\n      id\n      email\n      role\n    }\n  }\n"): (typeof documents)["\n  query WhoAmI {\n    viewer {\n      id\n      email\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhereAmI {\n    sessions {\n      id\n      current\n    }\n    devices {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query WhereAmI {\n    sessions {\n      id\n      current\n    }\n    devices {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NodeTypes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n    }\n  }\n"): (typeof documents)["\n  query NodeTypes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadUser($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadUser($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindByEmail($email: String!) {\n    userByEmail(email: $email) {\n      id\n      email\n    }\n  }\n"): (typeof documents)["\n  query FindByEmail($email: String!) {\n    userByEmail(email: $email) {\n      id\n      email\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyToken($input: VerifyTokenInput!) {\n    verifyToken(input: $input) {\n      valid\n      reason\n      user {\n        id\n        email\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation VerifyToken($input: VerifyTokenInput!) {\n    verifyToken(input: $input) {\n      valid\n      reason\n      user {\n        id\n        email\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Logout($input: LogoutInput) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n"): (typeof documents)["\n  mutation Logout($input: LogoutInput) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MembersOf($id: ID!) {\n    document(id: $id) {\n      name\n      members {\n        nodes {\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MembersOf($id: ID!) {\n    document(id: $id) {\n      name\n      members {\n        nodes {\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminUsers($search: String, $first: Int, $after: String) {\n    users(search: $search, first: $first, after: $after) {\n      nodes {\n        id\n        email\n        displayName\n        role\n        createdAt\n        sessionCount\n        sessionsUsedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminUsers($search: String, $first: Int, $after: String) {\n    users(search: $search, first: $first, after: $after) {\n      nodes {\n        id\n        email\n        displayName\n        role\n        createdAt\n        sessionCount\n        sessionsUsedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AdminSetRole($input: SetRoleInput!) {\n    setRole(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AdminSetRole($input: SetRoleInput!) {\n    setRole(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      current\n    }\n  }\n"): (typeof documents)["\n  query AdminSessions($userId: ID) {\n    sessions(userId: $userId) {\n      id\n      current\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AdminRevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n"): (typeof documents)["\n  mutation AdminRevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      revokedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AdminIssueToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n        email\n        displayName\n        role\n        emailVerified\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AdminIssueToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n        email\n        displayName\n        role\n        emailVerified\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AdminRotateTokens($input: RotateTokensInput!) {\n    rotateTokens(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AdminRotateTokens($input: RotateTokensInput!) {\n    rotateTokens(input: $input) {\n      token\n      jti\n      scopes\n      expiresAt\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AdminRevokeToken($input: RevokeTokenInput!) {\n    revokeToken(input: $input) {\n      revokedJti\n    }\n  }\n"): (typeof documents)["\n  mutation AdminRevokeToken($input: RevokeTokenInput!) {\n    revokeToken(input: $input) {\n      revokedJti\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminIssuedTokens($userId: ID!) {\n    issuedTokens(userId: $userId) {\n      jti\n      scopes\n      createdAt\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  query AdminIssuedTokens($userId: ID!) {\n    issuedTokens(userId: $userId) {\n      jti\n      scopes\n      createdAt\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminAudit($action: String) {\n    auditLog(action: $action, first: 100) {\n      nodes {\n        action\n        target\n        details\n        actor {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminAudit($action: String) {\n    auditLog(action: $action, first: 100) {\n      nodes {\n        action\n        target\n        details\n        actor {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminWhoAmI {\n    viewer {\n      id\n      role\n      sessionCount\n    }\n  }\n"): (typeof documents)["\n  query AdminWhoAmI {\n    viewer {\n      id\n      role\n      sessionCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AdminUserNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n        sessionCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query AdminUserNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        email\n        sessionCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExportsCreate($input: CreateExportInput!) {\n    createExport(input: $input) {\n      export {\n        id\n        kind\n        format\n        status\n        progress\n        downloadUrl\n        userId\n        since\n        createdBy {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ExportsCreate($input: CreateExportInput!) {\n    createExport(input: $input) {\n      export {\n        id\n        kind\n        format\n        status\n        progress\n        downloadUrl\n        userId\n        since\n        createdBy {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportsOne($id: ID!) {\n    export(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      sizeBytes\n      downloadUrl\n      error\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  query ExportsOne($id: ID!) {\n    export(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      sizeBytes\n      downloadUrl\n      error\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Export {\n        kind\n        status\n      }\n    }\n  }\n"): (typeof documents)["\n  query ExportsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Export {\n        kind\n        status\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportsList($first: Int, $after: String) {\n    exports(first: $first, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ExportsList($first: Int, $after: String) {\n    exports(first: $first, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ExportsProgress($id: ID!) {\n    exportProgress(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      downloadUrl\n      error\n    }\n  }\n"): (typeof documents)["\n  subscription ExportsProgress($id: ID!) {\n    exportProgress(id: $id) {\n      id\n      status\n      progress\n      rowCount\n      downloadUrl\n      error\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportsAudit($action: String!) {\n    auditLog(action: $action, first: 20) {\n      nodes {\n        action\n        target\n        details\n        ip\n      }\n    }\n  }\n"): (typeof documents)["\n  query ExportsAudit($action: String!) {\n    auditLog(action: $action, first: 20) {\n      nodes {\n        action\n        target\n        details\n        ip\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StatsNow {\n    serverStats {\n      at\n      version\n      uptimeSeconds\n      nodes\n      connections\n      authenticatedConnections\n      subscriptions\n      messagesPerSecond\n      operationsPerSecond\n      latencyP50Ms\n      latencyP99Ms\n      users\n      documents\n      records\n      notes\n      chats\n      vaults\n      databaseBytes\n      countedAt\n    }\n  }\n"): (typeof documents)["\n  query StatsNow {\n    serverStats {\n      at\n      version\n      uptimeSeconds\n      nodes\n      connections\n      authenticatedConnections\n      subscriptions\n      messagesPerSecond\n      operationsPerSecond\n      latencyP50Ms\n      latencyP99Ms\n      users\n      documents\n      records\n      notes\n      chats\n      vaults\n      databaseBytes\n      countedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription StatsFollow($intervalMs: Int) {\n    serverStats(intervalMs: $intervalMs) {\n      at\n      nodes\n      connections\n    }\n  }\n"): (typeof documents)["\n  subscription StatsFollow($intervalMs: Int) {\n    serverStats(intervalMs: $intervalMs) {\n      at\n      nodes\n      connections\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StatsConnections($first: Int) {\n    connectionsByUser(first: $first) {\n      user {\n        id\n        email\n      }\n      deviceCount\n    }\n  }\n"): (typeof documents)["\n  query StatsConnections($first: Int) {\n    connectionsByUser(first: $first) {\n      user {\n        id\n        email\n      }\n      deviceCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AuditAll on AuditEntry {\n    id\n    seq\n    at\n    actorId\n    actorBy\n    actor {\n      id\n      displayName\n    }\n    action\n    target\n    ip\n    details\n    hash\n    previousHash\n    cursor\n  }\n"): (typeof documents)["\n  fragment AuditAll on AuditEntry {\n    id\n    seq\n    at\n    actorId\n    actorBy\n    actor {\n      id\n      displayName\n    }\n    action\n    target\n    ip\n    details\n    hash\n    previousHash\n    cursor\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditRead($first: Int, $after: String, $actorId: ID, $action: String) {\n    auditLog(first: $first, after: $after, actorId: $actorId, action: $action) {\n      nodes {\n        ...AuditAll\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditRead($first: Int, $after: String, $actorId: ID, $action: String) {\n    auditLog(first: $first, after: $after, actorId: $actorId, action: $action) {\n      nodes {\n        ...AuditAll\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AuditFollow($after: Cursor) {\n    auditEvents(after: $after) {\n      ...AuditAll\n    }\n  }\n"): (typeof documents)["\n  subscription AuditFollow($after: Cursor) {\n    auditEvents(after: $after) {\n      ...AuditAll\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditNode($id: ID!) {\n    node(id: $id) {\n      ... on AuditEntry {\n        action\n        target\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditNode($id: ID!) {\n    node(id: $id) {\n      ... on AuditEntry {\n        action\n        target\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AuditLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      session {\n        id\n        device {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AuditLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      session {\n        id\n        device {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsCreate($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n\n  fragment ChatsChat on Chat {\n    id\n    title\n    historyVisible\n    viewerAccess\n    unreadCount\n    cursor\n    createdAt\n    members {\n      access\n      readAt\n      user {\n        id\n      }\n      lastRead {\n        id\n      }\n    }\n    lastMessage {\n      ...ChatsMessage\n    }\n  }\n\n  fragment ChatsMessage on Message {\n    id\n    chatId\n    content\n    editedAt\n    deletedAt\n    createdAt\n    sender {\n      id\n      displayName\n    }\n    replyTo {\n      id\n      content\n      replyTo {\n        id\n        content\n      }\n    }\n    readBy {\n      messageId\n      readAt\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsCreate($input: CreateChatInput!) {\n    createChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n\n  fragment ChatsChat on Chat {\n    id\n    title\n    historyVisible\n    viewerAccess\n    unreadCount\n    cursor\n    createdAt\n    members {\n      access\n      readAt\n      user {\n        id\n      }\n      lastRead {\n        id\n      }\n    }\n    lastMessage {\n      ...ChatsMessage\n    }\n  }\n\n  fragment ChatsMessage on Message {\n    id\n    chatId\n    content\n    editedAt\n    deletedAt\n    createdAt\n    sender {\n      id\n      displayName\n    }\n    replyTo {\n      id\n      content\n      replyTo {\n        id\n        content\n      }\n    }\n    readBy {\n      messageId\n      readAt\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsUpdate($input: UpdateChatInput!) {\n    updateChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsUpdate($input: UpdateChatInput!) {\n    updateChat(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsAddMembers($input: AddChatMembersInput!) {\n    addChatMembers(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsAddMembers($input: AddChatMembersInput!) {\n    addChatMembers(input: $input) {\n      chat {\n        ...ChatsChat\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsRemoveMember($input: RemoveChatMemberInput!) {\n    removeChatMember(input: $input) {\n      removedUserId\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsRemoveMember($input: RemoveChatMemberInput!) {\n    removeChatMember(input: $input) {\n      removedUserId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsSend($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      cursor\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsSend($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      cursor\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsEdit($input: EditMessageInput!) {\n    editMessage(input: $input) {\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsEdit($input: EditMessageInput!) {\n    editMessage(input: $input) {\n      message {\n        ...ChatsMessage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsDelete($input: DeleteMessageInput!) {\n    deleteMessage(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsDelete($input: DeleteMessageInput!) {\n    deleteMessage(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsMarkRead($input: MarkReadInput!) {\n    markRead(input: $input) {\n      unreadCount\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsMarkRead($input: MarkReadInput!) {\n    markRead(input: $input) {\n      unreadCount\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChatsRead($id: ID!) {\n    chat(id: $id) {\n      ...ChatsChat\n    }\n  }\n"): (typeof documents)["\n  query ChatsRead($id: ID!) {\n    chat(id: $id) {\n      ...ChatsChat\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChatsMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    chat(id: $id) {\n      messages(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            id\n          }\n        }\n        nodes {\n          ...ChatsMessage\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ChatsMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    chat(id: $id) {\n      messages(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            id\n          }\n        }\n        nodes {\n          ...ChatsMessage\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChatsList($first: Int, $after: String) {\n    chats(first: $first, after: $after) {\n      edges {\n        cursor\n      }\n      nodes {\n        id\n        title\n        unreadCount\n        lastMessage {\n          id\n          content\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ChatsList($first: Int, $after: String) {\n    chats(first: $first, after: $after) {\n      edges {\n        cursor\n      }\n      nodes {\n        id\n        title\n        unreadCount\n        lastMessage {\n          id\n          content\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChatsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Chat {\n        title\n      }\n      ... on Message {\n        content\n        chatId\n      }\n    }\n  }\n"): (typeof documents)["\n  query ChatsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Chat {\n        title\n      }\n      ... on Message {\n        content\n        chatId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ChatsEvents($chatId: ID!, $after: Cursor) {\n    chatEvents(chatId: $chatId, after: $after) {\n      ...ChatsEvent\n    }\n  }\n\n  fragment ChatsEvent on ChatEvent {\n    __typename\n    ... on FeedItem {\n      cursor\n    }\n    ... on MessageSent {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageEdited {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageDeleted {\n      chatId\n      messageId\n    }\n    ... on MessageRead {\n      chatId\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberJoined {\n      chatId\n      member {\n        access\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberLeft {\n      chatId\n      userId\n    }\n    ... on ChatUpdated {\n      chatId\n      chat {\n        id\n        title\n        historyVisible\n        members {\n          access\n          user {\n            id\n          }\n          lastRead {\n            id\n            content\n          }\n        }\n        lastMessage {\n          id\n          content\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription ChatsEvents($chatId: ID!, $after: Cursor) {\n    chatEvents(chatId: $chatId, after: $after) {\n      ...ChatsEvent\n    }\n  }\n\n  fragment ChatsEvent on ChatEvent {\n    __typename\n    ... on FeedItem {\n      cursor\n    }\n    ... on MessageSent {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageEdited {\n      chatId\n      message {\n        ...ChatsMessage\n      }\n    }\n    ... on MessageDeleted {\n      chatId\n      messageId\n    }\n    ... on MessageRead {\n      chatId\n      receipt {\n        messageId\n        readAt\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberJoined {\n      chatId\n      member {\n        access\n        user {\n          id\n        }\n      }\n    }\n    ... on MemberLeft {\n      chatId\n      userId\n    }\n    ... on ChatUpdated {\n      chatId\n      chat {\n        id\n        title\n        historyVisible\n        members {\n          access\n          user {\n            id\n          }\n          lastRead {\n            id\n            content\n          }\n        }\n        lastMessage {\n          id\n          content\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ChatsInbox($after: Cursor) {\n    inboxEvents(after: $after) {\n      ...ChatsEvent\n    }\n  }\n"): (typeof documents)["\n  subscription ChatsInbox($after: Cursor) {\n    inboxEvents(after: $after) {\n      ...ChatsEvent\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChatsListWhole($first: Int) {\n    chats(first: $first) {\n      nodes {\n        ...ChatsChat\n        messages(last: 3) {\n          nodes {\n            ...ChatsMessage\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ChatsListWhole($first: Int) {\n    chats(first: $first) {\n      nodes {\n        ...ChatsChat\n        messages(last: 3) {\n          nodes {\n            ...ChatsMessage\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ChatsViewedEvents($chatId: ID!) {\n    chatEvents(chatId: $chatId) {\n      __typename\n      ... on ChatUpdated {\n        chat {\n          unreadCount\n          viewerAccess\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription ChatsViewedEvents($chatId: ID!) {\n    chatEvents(chatId: $chatId) {\n      __typename\n      ... on ChatUpdated {\n        chat {\n          unreadCount\n          viewerAccess\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChatsLeaveForGood($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation ChatsLeaveForGood($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CollectionsRecord on Record {\n    id\n    collection\n    key\n    value\n    version\n    updatedAt\n    deletedAt\n    expiresAt\n  }\n"): (typeof documents)["\n  fragment CollectionsRecord on Record {\n    id\n    collection\n    key\n    value\n    version\n    updatedAt\n    deletedAt\n    expiresAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CollectionsPutRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CollectionsPutRecord($input: PutRecordInput!) {\n    putRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CollectionsPutRecords($input: PutRecordsInput!) {\n    putRecords(input: $input) {\n      results {\n        applied\n        record {\n          ...CollectionsRecord\n        }\n        conflict {\n          reason\n          existing {\n            ...CollectionsRecord\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CollectionsPutRecords($input: PutRecordsInput!) {\n    putRecords(input: $input) {\n      results {\n        applied\n        record {\n          ...CollectionsRecord\n        }\n        conflict {\n          reason\n          existing {\n            ...CollectionsRecord\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CollectionsDeleteRecord($input: DeleteRecordInput!) {\n    deleteRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CollectionsDeleteRecord($input: DeleteRecordInput!) {\n    deleteRecord(input: $input) {\n      applied\n      record {\n        ...CollectionsRecord\n      }\n      conflict {\n        reason\n        existing {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CollectionsReadRecord($collection: String!, $key: String!, $owner: ID) {\n    record(collection: $collection, key: $key, owner: $owner) {\n      ...CollectionsRecord\n      collectionId\n      owner {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query CollectionsReadRecord($collection: String!, $key: String!, $owner: ID) {\n    record(collection: $collection, key: $key, owner: $owner) {\n      ...CollectionsRecord\n      collectionId\n      owner {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CollectionsRecords($collection: String!, $owner: ID, $updatedSince: DateTime, $includeDeleted: Boolean, $first: Int, $after: String) {\n    records(collection: $collection, owner: $owner, updatedSince: $updatedSince, includeDeleted: $includeDeleted, first: $first, after: $after) {\n      cursor\n      edges {\n        cursor\n      }\n      nodes {\n        ...CollectionsRecord\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query CollectionsRecords($collection: String!, $owner: ID, $updatedSince: DateTime, $includeDeleted: Boolean, $first: Int, $after: String) {\n    records(collection: $collection, owner: $owner, updatedSince: $updatedSince, includeDeleted: $includeDeleted, first: $first, after: $after) {\n      cursor\n      edges {\n        cursor\n      }\n      nodes {\n        ...CollectionsRecord\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CollectionsList {\n    collections {\n      id\n      name\n      recordCount\n      viewerAccess\n      cursor\n      createdAt\n      owner {\n        id\n      }\n      members {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query CollectionsList {\n    collections {\n      id\n      name\n      recordCount\n      viewerAccess\n      cursor\n      createdAt\n      owner {\n        id\n      }\n      members {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CollectionsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Record {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      ... on Collection {\n        name\n        recordCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query CollectionsNode($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Record {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      ... on Collection {\n        name\n        recordCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CollectionsChanges($collection: String!, $owner: ID, $after: Cursor) {\n    recordChanges(collection: $collection, owner: $owner, after: $after) {\n      __typename\n      cursor\n      ... on RecordChange {\n        operation\n        at\n        by {\n          id\n        }\n        record {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription CollectionsChanges($collection: String!, $owner: ID, $after: Cursor) {\n    recordChanges(collection: $collection, owner: $owner, after: $after) {\n      __typename\n      cursor\n      ... on RecordChange {\n        operation\n        at\n        by {\n          id\n        }\n        record {\n          ...CollectionsRecord\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CollectionsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation CollectionsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportTestLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n"): (typeof documents)["\n  mutation ImportTestLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportTestNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n        name\n        color\n        position\n        parent {\n          id\n          name\n        }\n      }\n      type\n      title\n      content\n      encryptedContent\n      iv\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      createdAt\n      updatedAt\n    }\n  }\n"): (typeof documents)["\n  query ImportTestNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n        name\n        color\n        position\n        parent {\n          id\n          name\n        }\n      }\n      type\n      title\n      content\n      encryptedContent\n      iv\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      createdAt\n      updatedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportTestNotes($filter: NoteFilter, $after: String) {\n    notes(filter: $filter, first: 500, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ImportTestNotes($filter: NoteFilter, $after: String) {\n    notes(filter: $filter, first: 500, after: $after) {\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportTestFolders {\n    folders {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query ImportTestFolders {\n    folders {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportTestRecord($collection: String!, $key: String!) {\n    record(collection: $collection, key: $key) {\n      value\n      updatedAt\n      deletedAt\n    }\n  }\n"): (typeof documents)["\n  query ImportTestRecord($collection: String!, $key: String!) {\n    record(collection: $collection, key: $key) {\n      value\n      updatedAt\n      deletedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportTestRecords($collection: String!, $after: String) {\n    records(collection: $collection, includeDeleted: true, first: 500, after: $after) {\n      nodes {\n        key\n        version\n        updatedAt\n        deletedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ImportTestRecords($collection: String!, $after: String) {\n    records(collection: $collection, includeDeleted: true, first: 500, after: $after) {\n      nodes {\n        key\n        version\n        updatedAt\n        deletedAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ToManyLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n"): (typeof documents)["\n  mutation ToManyLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ToManyToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      jti\n    }\n  }\n"): (typeof documents)["\n  mutation ToManyToken($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      jti\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ToManyAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clientId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ToManyAwareness($input: SetAwarenessInput!) {\n    setAwareness(input: $input) {\n      awareness {\n        clientId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n      session {\n        id\n      }\n      user {\n        id\n        email\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n      session {\n        id\n      }\n      user {\n        id\n        email\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  mutation RefreshSession($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      refreshToken\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClaimAdmin($input: ClaimAdminInput!) {\n    claimAdmin(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ClaimAdmin($input: ClaimAdminInput!) {\n    claimAdmin(input: $input) {\n      user {\n        id\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateDocument($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n        fields\n        clock\n        cursor\n        viewerAccess\n        createdAt\n        updatedAt\n        deletedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateDocument($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n        fields\n        clock\n        cursor\n        viewerAccess\n        createdAt\n        updatedAt\n        deletedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadDocument($id: ID!) {\n    document(id: $id) {\n      id\n      name\n      fields\n      clock\n      cursor\n      viewerAccess\n      createdAt\n      updatedAt\n      deletedAt\n    }\n  }\n"): (typeof documents)["\n  query ReadDocument($id: ID!) {\n    document(id: $id) {\n      id\n      name\n      fields\n      clock\n      cursor\n      viewerAccess\n      createdAt\n      updatedAt\n      deletedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadField($id: ID!, $path: String!) {\n    document(id: $id) {\n      field(path: $path) {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadField($id: ID!, $path: String!) {\n    document(id: $id) {\n      field(path: $path) {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListDocuments($first: Int, $after: String, $includeDeleted: Boolean) {\n    documents(first: $first, after: $after, includeDeleted: $includeDeleted) {\n      edges {\n        cursor\n        node {\n          id\n          deletedAt\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListDocuments($first: Int, $after: String, $includeDeleted: Boolean) {\n    documents(first: $first, after: $after, includeDeleted: $includeDeleted) {\n      edges {\n        cursor\n        node {\n          id\n          deletedAt\n        }\n      }\n      nodes {\n        id\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteDocument($input: DeleteDocumentInput!) {\n    deleteDocument(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteDocument($input: DeleteDocumentInput!) {\n    deleteDocument(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreDocument($input: RestoreDocumentInput!) {\n    restoreDocument(input: $input) {\n      document {\n        id\n        fields\n        deletedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreDocument($input: RestoreDocumentInput!) {\n    restoreDocument(input: $input) {\n      document {\n        id\n        fields\n        deletedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PushDelta($input: PushDeltaInput!) {\n    pushDelta(input: $input) {\n      applied\n      delta {\n        cursor\n        documentId\n        clientId\n        clock\n        at\n        author {\n          id\n        }\n        writes {\n          path\n          value\n          deleted\n          timestamp\n          clientId\n          counter\n        }\n      }\n      superseded {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n      document {\n        cursor\n        fields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PushDelta($input: PushDeltaInput!) {\n    pushDelta(input: $input) {\n      applied\n      delta {\n        cursor\n        documentId\n        clientId\n        clock\n        at\n        author {\n          id\n        }\n        writes {\n          path\n          value\n          deleted\n          timestamp\n          clientId\n          counter\n        }\n      }\n      superseded {\n        path\n        value\n        deleted\n        timestamp\n        clientId\n        counter\n      }\n      document {\n        cursor\n        fields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadChanges($id: ID!, $after: Cursor, $since: VectorClock, $first: Int) {\n    document(id: $id) {\n      changes(after: $after, since: $since, first: $first) {\n        edges {\n          cursor\n          node {\n            cursor\n            clientId\n            clock\n            writes {\n              path\n              value\n              deleted\n              counter\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadChanges($id: ID!, $after: Cursor, $since: VectorClock, $first: Int) {\n    document(id: $id) {\n      changes(after: $after, since: $since, first: $first) {\n        edges {\n          cursor\n          node {\n            cursor\n            clientId\n            clock\n            writes {\n              path\n              value\n              deleted\n              counter\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListMembers($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      members(first: $first, after: $after) {\n        edges {\n          cursor\n        }\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListMembers($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      members(first: $first, after: $after) {\n        edges {\n          cursor\n        }\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetAccess($input: SetAccessInput!) {\n    setAccess(input: $input) {\n      member {\n        access\n        since\n        user {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetAccess($input: SetAccessInput!) {\n    setAccess(input: $input) {\n      member {\n        access\n        since\n        user {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveAccess($input: RemoveAccessInput!) {\n    removeAccess(input: $input) {\n      removedUserId\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveAccess($input: RemoveAccessInput!) {\n    removeAccess(input: $input) {\n      removedUserId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateSnapshot($input: CreateSnapshotInput!) {\n    createSnapshot(input: $input) {\n      snapshot {\n        id\n        documentId\n        label\n        fields\n        clock\n        sizeBytes\n        createdAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateSnapshot($input: CreateSnapshotInput!) {\n    createSnapshot(input: $input) {\n      snapshot {\n        id\n        documentId\n        label\n        fields\n        clock\n        sizeBytes\n        createdAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListSnapshots($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      snapshots(first: $first, after: $after) {\n        nodes {\n          id\n          label\n          fields\n          clock\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListSnapshots($id: ID!, $first: Int, $after: String) {\n    document(id: $id) {\n      snapshots(first: $first, after: $after) {\n        nodes {\n          id\n          label\n          fields\n          clock\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreSnapshot($input: RestoreSnapshotInput!) {\n    restoreSnapshot(input: $input) {\n      document {\n        id\n        fields\n        clock\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreSnapshot($input: RestoreSnapshotInput!) {\n    restoreSnapshot(input: $input) {\n      document {\n        id\n        fields\n        clock\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSnapshot($input: DeleteSnapshotInput!) {\n    deleteSnapshot(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteSnapshot($input: DeleteSnapshotInput!) {\n    deleteSnapshot(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DocumentChanges($id: ID!, $after: Cursor) {\n    documentChanges(documentId: $id, after: $after) {\n      __typename\n      cursor\n      ... on DocumentDelta {\n        clientId\n        clock\n        writes {\n          path\n          value\n          deleted\n          counter\n        }\n      }\n      ... on DocumentRemoved {\n        at\n      }\n      ... on DocumentRestored {\n        at\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription DocumentChanges($id: ID!, $after: Cursor) {\n    documentChanges(documentId: $id, after: $after) {\n      __typename\n      cursor\n      ... on DocumentDelta {\n        clientId\n        clock\n        writes {\n          path\n          value\n          deleted\n          counter\n        }\n      }\n      ... on DocumentRemoved {\n        at\n      }\n      ... on DocumentRestored {\n        at\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenewConnection($input: RenewConnectionInput!) {\n    renewConnection(input: $input) {\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  mutation RenewConnection($input: RenewConnectionInput!) {\n    renewConnection(input: $input) {\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation NotesDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AttachmentState on Attachment {\n    id\n    encryptedName\n    mimeType\n    sizeBytes\n    iv\n    salt\n    createdAt\n  }\n"): (typeof documents)["\n  fragment AttachmentState on Attachment {\n    id\n    encryptedName\n    mimeType\n    sizeBytes\n    iv\n    salt\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachmentsAdd($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachmentsAdd($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachmentsUpload($input: UploadAttachmentInput!) {\n    uploadAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachmentsUpload($input: UploadAttachmentInput!) {\n    uploadAttachment(input: $input) {\n      attachment {\n        ...AttachmentState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachmentsRemove($input: RemoveAttachmentInput!) {\n    removeAttachment(input: $input) {\n      removedId\n    }\n  }\n"): (typeof documents)["\n  mutation AttachmentsRemove($input: RemoveAttachmentInput!) {\n    removeAttachment(input: $input) {\n      removedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AttachmentsList($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      attachments {\n        ...AttachmentState\n      }\n    }\n    notebook {\n      usedBytes\n      quotaBytes\n    }\n  }\n"): (typeof documents)["\n  query AttachmentsList($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      attachments {\n        ...AttachmentState\n      }\n    }\n    notebook {\n      usedBytes\n      quotaBytes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AttachmentsRead($id: ID!) {\n    node(id: $id) {\n      ... on Attachment {\n        ...AttachmentState\n        encryptedData\n      }\n    }\n  }\n"): (typeof documents)["\n  query AttachmentsRead($id: ID!) {\n    node(id: $id) {\n      ... on Attachment {\n        ...AttachmentState\n        encryptedData\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AttachmentsLink($id: ID!, $ttlSeconds: Int! = 300) {\n    node(id: $id) {\n      ... on Attachment {\n        downloadUrl(ttlSeconds: $ttlSeconds)\n      }\n    }\n  }\n"): (typeof documents)["\n  query AttachmentsLink($id: ID!, $ttlSeconds: Int! = 300) {\n    node(id: $id) {\n      ... on Attachment {\n        downloadUrl(ttlSeconds: $ttlSeconds)\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AttachmentsFollow($id: ID!) {\n    noteChanges(noteId: $id) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        changedFields\n        note {\n          version\n          attachments {\n            id\n            downloadUrl\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription AttachmentsFollow($id: ID!) {\n    noteChanges(noteId: $id) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        changedFields\n        note {\n          version\n          attachments {\n            id\n            downloadUrl\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AttachmentsOfNotes($first: Int!) {\n    notes(first: $first) {\n      nodes {\n        id\n        attachments {\n          id\n          sizeBytes\n          encryptedData\n          downloadUrl\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AttachmentsOfNotes($first: Int!) {\n    notes(first: $first) {\n      nodes {\n        id\n        attachments {\n          id\n          sizeBytes\n          encryptedData\n          downloadUrl\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FolderState on Folder {\n    id\n    name\n    color\n    position\n    isDefault\n    createdAt\n    updatedAt\n    parent {\n      id\n    }\n  }\n"): (typeof documents)["\n  fragment FolderState on Folder {\n    id\n    name\n    color\n    position\n    isDefault\n    createdAt\n    updatedAt\n    parent {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersList {\n    folders {\n      ...FolderState\n    }\n  }\n"): (typeof documents)["\n  query FoldersList {\n    folders {\n      ...FolderState\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersRead($id: ID!) {\n    folder(id: $id) {\n      ...FolderState\n      noteCount\n      children {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoldersRead($id: ID!) {\n    folder(id: $id) {\n      ...FolderState\n      noteCount\n      children {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersReadNodes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Folder {\n        ...FolderState\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoldersReadNodes($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Folder {\n        ...FolderState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersCreate($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersCreate($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersUpdate($input: UpdateFolderInput!) {\n    updateFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersUpdate($input: UpdateFolderInput!) {\n    updateFolder(input: $input) {\n      folder {\n        ...FolderState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersReorder($input: ReorderFoldersInput!) {\n    reorderFolders(input: $input) {\n      folders {\n        ...FolderState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersReorder($input: ReorderFoldersInput!) {\n    reorderFolders(input: $input) {\n      folders {\n        ...FolderState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersDelete($input: DeleteFolderInput!) {\n    deleteFolder(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersDelete($input: DeleteFolderInput!) {\n    deleteFolder(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersCreateNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersCreateNote($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersReadNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      folder {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoldersReadNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      folder {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FoldersNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n        at\n        by {\n          id\n        }\n        folder {\n          ...FolderState\n          noteCount\n        }\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        note {\n          version\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription FoldersNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n        at\n        by {\n          id\n        }\n        folder {\n          ...FolderState\n          noteCount\n        }\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        note {\n          version\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FoldersMoveNote($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FoldersMoveNote($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersTree {\n    folders {\n      id\n      noteCount\n      children {\n        id\n      }\n      parent {\n        id\n        noteCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoldersTree {\n    folders {\n      id\n      noteCount\n      children {\n        id\n      }\n      parent {\n        id\n        noteCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersCounts($id: ID!) {\n    noteCounts(folderId: $id) {\n      all\n    }\n    folder(id: $id) {\n      noteCount\n    }\n  }\n"): (typeof documents)["\n  query FoldersCounts($id: ID!) {\n    noteCounts(folderId: $id) {\n      all\n    }\n    folder(id: $id) {\n      noteCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoldersUpAndDown($id: ID!) {\n    folder(id: $id) {\n      children {\n        parent {\n          children {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoldersUpAndDown($id: ID!) {\n    folder(id: $id) {\n      children {\n        parent {\n          children {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FoldersNoteChanges($noteId: ID!) {\n    noteChanges(noteId: $noteId) {\n      __typename\n      ... on NoteChange {\n        changedFields\n        note {\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription FoldersNoteChanges($noteId: ID!) {\n    noteChanges(noteId: $noteId) {\n      __typename\n      ... on NoteChange {\n        changedFields\n        note {\n          folder {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FoldersGist {\n    notebookChanges {\n      __typename\n      ... on FolderChange {\n        operation\n        folderId\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription FoldersGist {\n    notebookChanges {\n      __typename\n      ... on FolderChange {\n        operation\n        folderId\n      }\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LeftAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LeftAttachment($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LeftAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation LeftAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n"): (typeof documents)["\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingContents($first: Int) {\n    notes(first: $first) {\n      nodes {\n        id\n        content\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListingContents($first: Int) {\n    notes(first: $first) {\n      nodes {\n        id\n        content\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingCounts($folderId: ID) {\n    noteCounts(folderId: $folderId) {\n      all\n      starred\n      archived\n      hidden\n      trashed\n      public\n    }\n  }\n"): (typeof documents)["\n  query ListingCounts($folderId: ID) {\n    noteCounts(folderId: $folderId) {\n      all\n      starred\n      archived\n      hidden\n      trashed\n      public\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingNotebook {\n    notebook {\n      cursor\n      usedBytes\n      quotaBytes\n    }\n  }\n"): (typeof documents)["\n  query ListingNotebook {\n    notebook {\n      cursor\n      usedBytes\n      quotaBytes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingImportedNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n      }\n      type\n      title\n      content\n      encryptedTitle\n      encryptedContent\n      iv\n      salt\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      version\n      viewerAccess\n      createdAt\n      updatedAt\n    }\n  }\n"): (typeof documents)["\n  query ListingImportedNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n      }\n      type\n      title\n      content\n      encryptedTitle\n      encryptedContent\n      iv\n      salt\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      version\n      viewerAccess\n      createdAt\n      updatedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingImportedFolder($id: ID!) {\n    folder(id: $id) {\n      name\n      color\n      position\n      isDefault\n      parent {\n        id\n      }\n      createdAt\n      updatedAt\n    }\n  }\n"): (typeof documents)["\n  query ListingImportedFolder($id: ID!) {\n    folder(id: $id) {\n      name\n      color\n      position\n      isDefault\n      parent {\n        id\n      }\n      createdAt\n      updatedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ListingChanges($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription ListingChanges($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NoteState on Note {\n    id\n    type\n    title\n    content\n    encryptedTitle\n    encryptedContent\n    iv\n    salt\n    tags\n    starred\n    archived\n    hidden\n    trashedAt\n    version\n    createdAt\n    updatedAt\n    folder {\n      id\n    }\n  }\n"): (typeof documents)["\n  fragment NoteState on Note {\n    id\n    type\n    title\n    content\n    encryptedTitle\n    encryptedContent\n    iv\n    salt\n    tags\n    starred\n    archived\n    hidden\n    trashedAt\n    version\n    createdAt\n    updatedAt\n    folder {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        ...NoteState\n        cursor\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation NotesCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        ...NoteState\n        cursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation NotesUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation NotesTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation NotesRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        ...NoteState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation NotesDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesEmptyTrash($input: EmptyTrashInput) {\n    emptyTrash(input: $input) {\n      deletedIds\n    }\n  }\n"): (typeof documents)["\n  mutation NotesEmptyTrash($input: EmptyTrashInput) {\n    emptyTrash(input: $input) {\n      deletedIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotesRead($id: ID!) {\n    note(id: $id) {\n      ...NoteState\n      cursor\n    }\n  }\n"): (typeof documents)["\n  query NotesRead($id: ID!) {\n    note(id: $id) {\n      ...NoteState\n      cursor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotesSharing($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: $first, after: $after) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query NotesSharing($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: $first, after: $after) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotesRevisions($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      revisions(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            version\n            title\n            content\n            encryptedTitle\n            encryptedContent\n            iv\n            salt\n            createdAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query NotesRevisions($id: ID!, $first: Int, $after: String) {\n    note(id: $id) {\n      revisions(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            version\n            title\n            content\n            encryptedTitle\n            encryptedContent\n            iv\n            salt\n            createdAt\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotesRevision($id: ID!) {\n    node(id: $id) {\n      id\n      ... on NoteRevision {\n        version\n        title\n      }\n    }\n  }\n"): (typeof documents)["\n  query NotesRevision($id: ID!) {\n    node(id: $id) {\n      id\n      ... on NoteRevision {\n        version\n        title\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotesList($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...NoteState\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query NotesList($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...NoteState\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotesPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation NotesPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        slug\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NotesChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription NotesChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NotesNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription NotesNotebook($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        at\n        by {\n          id\n        }\n        note {\n          ...NoteState\n        }\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlansNested($filter: NoteFilter, $first: Int!) {\n    notes(filter: $filter, first: $first) {\n      nodes {\n        id\n        cursor\n        viewerAccess\n        owner {\n          id\n        }\n        folder {\n          id\n          noteCount\n          parent {\n            id\n          }\n          children {\n            id\n          }\n        }\n        attachments {\n          id\n          sizeBytes\n        }\n        publication {\n          slug\n        }\n        revisions(first: 2) {\n          nodes {\n            id\n            version\n          }\n        }\n        members(first: 3) {\n          nodes {\n            access\n            user {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlansNested($filter: NoteFilter, $first: Int!) {\n    notes(filter: $filter, first: $first) {\n      nodes {\n        id\n        cursor\n        viewerAccess\n        owner {\n          id\n        }\n        folder {\n          id\n          noteCount\n          parent {\n            id\n          }\n          children {\n            id\n          }\n        }\n        attachments {\n          id\n          sizeBytes\n        }\n        publication {\n          slug\n        }\n        revisions(first: 2) {\n          nodes {\n            id\n            version\n          }\n        }\n        members(first: 3) {\n          nodes {\n            access\n            user {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlansFolders {\n    folders {\n      id\n      noteCount\n      parent {\n        id\n      }\n      children {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlansFolders {\n    folders {\n      id\n      noteCount\n      parent {\n        id\n      }\n      children {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlansCollections {\n    collections {\n      name\n      recordCount\n      cursor\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: 3) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlansCollections {\n    collections {\n      name\n      recordCount\n      cursor\n      viewerAccess\n      owner {\n        id\n      }\n      members(first: 3) {\n        nodes {\n          access\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlansRecords($collection: String!, $first: Int!, $after: String, $includeDeleted: Boolean, $updatedSince: DateTime) {\n    records(collection: $collection, first: $first, after: $after, includeDeleted: $includeDeleted, updatedSince: $updatedSince) {\n      nodes {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      pageInfo {\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlansRecords($collection: String!, $first: Int!, $after: String, $includeDeleted: Boolean, $updatedSince: DateTime) {\n    records(collection: $collection, first: $first, after: $after, includeDeleted: $includeDeleted, updatedSince: $updatedSince) {\n      nodes {\n        key\n        value\n        owner {\n          id\n        }\n      }\n      pageInfo {\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlansDocuments($first: Int!) {\n    documents(first: $first) {\n      nodes {\n        id\n        fields\n        a: field(path: \"a\") {\n          value\n        }\n        never: field(path: \"b\") {\n          value\n        }\n        clock\n        viewerAccess\n        members(first: 3) {\n          nodes {\n            user {\n              id\n            }\n          }\n        }\n        snapshots(first: 3) {\n          nodes {\n            id\n            fields\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n        awareness {\n          state\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlansDocuments($first: Int!) {\n    documents(first: $first) {\n      nodes {\n        id\n        fields\n        a: field(path: \"a\") {\n          value\n        }\n        never: field(path: \"b\") {\n          value\n        }\n        clock\n        viewerAccess\n        members(first: 3) {\n          nodes {\n            user {\n              id\n            }\n          }\n        }\n        snapshots(first: 3) {\n          nodes {\n            id\n            fields\n          }\n          pageInfo {\n            hasNextPage\n          }\n        }\n        awareness {\n          state\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StatementsAttach($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StatementsAttach($input: AddAttachmentInput!) {\n    addAttachment(input: $input) {\n      attachment {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PublicationState on PublicNote {\n    slug\n    title\n    content\n    type\n    authorName\n    publishedAt\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment PublicationState on PublicNote {\n    slug\n    title\n    content\n    type\n    authorName\n    publishedAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        ...PublicationState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsPublish($input: PublishNoteInput!) {\n    publishNote(input: $input) {\n      publicNote {\n        ...PublicationState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsUnpublish($input: UnpublishNoteInput!) {\n    unpublishNote(input: $input) {\n      note {\n        id\n        version\n        publication {\n          slug\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsUnpublish($input: UnpublishNoteInput!) {\n    unpublishNote(input: $input) {\n      note {\n        id\n        version\n        publication {\n          slug\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PublicationsRead($slug: String!) {\n    publicNote(slug: $slug) {\n      ...PublicationState\n    }\n  }\n"): (typeof documents)["\n  query PublicationsRead($slug: String!) {\n    publicNote(slug: $slug) {\n      ...PublicationState\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PublicationsOfNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      publication {\n        ...PublicationState\n      }\n    }\n  }\n"): (typeof documents)["\n  query PublicationsOfNote($id: ID!) {\n    note(id: $id) {\n      version\n      updatedAt\n      publication {\n        ...PublicationState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsTrash($input: TrashNoteInput!) {\n    trashNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        publication {\n          slug\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsRestore($input: RestoreNoteInput!) {\n    restoreNote(input: $input) {\n      note {\n        publication {\n          slug\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsDelete($input: DeleteNoteInput!) {\n    deleteNote(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsEmptyTrash {\n    emptyTrash {\n      deletedIds\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsEmptyTrash {\n    emptyTrash {\n      deletedIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PublicationsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation PublicationsDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription PublicationsNoteChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        by {\n          id\n        }\n        note {\n          version\n          publication {\n            slug\n            title\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription PublicationsNoteChanges($noteId: ID!, $after: Cursor) {\n    noteChanges(noteId: $noteId, after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n        by {\n          id\n        }\n        note {\n          version\n          publication {\n            slug\n            title\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PresenceRead($userIds: [ID!]!) {\n    presence(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query PresenceRead($userIds: [ID!]!) {\n    presence(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription PresenceChanges($userIds: [ID!]!) {\n    presenceChanges(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription PresenceChanges($userIds: [ID!]!) {\n    presenceChanges(userIds: $userIds) {\n      online\n      lastSeenAt\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PresenceOfMembers($chatId: ID!) {\n    chat(id: $chatId) {\n      members {\n        presence {\n          online\n          lastSeenAt\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PresenceOfMembers($chatId: ID!) {\n    chat(id: $chatId) {\n      members {\n        presence {\n          online\n          lastSeenAt\n          user {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PresenceDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation PresenceDeleteAccount($input: DeleteAccountInput!) {\n    deleteAccount(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PresenceLogout($input: LogoutInput!) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n"): (typeof documents)["\n  mutation PresenceLogout($input: LogoutInput!) {\n    logout(input: $input) {\n      endedSessions\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignalsSetTyping($input: SetTypingInput!) {\n    setTyping(input: $input) {\n      isTyping\n    }\n  }\n"): (typeof documents)["\n  mutation SignalsSetTyping($input: SetTypingInput!) {\n    setTyping(input: $input) {\n      isTyping\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription SignalsOfChat($chatId: ID!) {\n    chatSignals(chatId: $chatId) {\n      ... on Typing {\n        chatId\n        isTyping\n        user {\n          id\n        }\n      }\n      ... on Presence {\n        online\n        lastSeenAt\n        user {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription SignalsOfChat($chatId: ID!) {\n    chatSignals(chatId: $chatId) {\n      ... on Typing {\n        chatId\n        isTyping\n        user {\n          id\n        }\n      }\n      ... on Presence {\n        online\n        lastSeenAt\n        user {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignalsTyping($chatId: ID!) {\n    chat(id: $chatId) {\n      cursor\n      typing {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignalsTyping($chatId: ID!) {\n    chat(id: $chatId) {\n      cursor\n      typing {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WeightCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation WeightCreate($input: CreateNoteInput!) {\n    createNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WeightUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation WeightUpdate($input: UpdateNoteInput!) {\n    updateNote(input: $input) {\n      note {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignaturesRegister($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n"): (typeof documents)["\n  mutation SignaturesRegister($input: RegisterInput!) {\n    register(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignaturesLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n"): (typeof documents)["\n  mutation SignaturesLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      refreshToken\n      signingKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignaturesRefresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n"): (typeof documents)["\n  mutation SignaturesRefresh($input: RefreshSessionInput!) {\n    refreshSession(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignaturesChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n"): (typeof documents)["\n  mutation SignaturesChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      accessToken\n      signingKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignaturesCreate($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignaturesCreate($input: CreateDocumentInput!) {\n    createDocument(input: $input) {\n      document {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignaturesList {\n    documents {\n      nodes {\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignaturesList {\n    documents {\n      nodes {\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignaturesIssue($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      signingKey\n    }\n  }\n"): (typeof documents)["\n  mutation SignaturesIssue($input: IssueTokenInput!) {\n    issueToken(input: $input) {\n      token\n      signingKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VaultStoreKey($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n  fragment VaultKeyState on VaultKey {\n    vaultId\n    encryptedVaultKey\n    salt\n    nonce\n    encryptedName\n    version\n    createdAt\n    updatedAt\n  }\n"): (typeof documents)["\n  mutation VaultStoreKey($input: StoreVaultKeyInput!) {\n    storeVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n  fragment VaultKeyState on VaultKey {\n    vaultId\n    encryptedVaultKey\n    salt\n    nonce\n    encryptedName\n    version\n    createdAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VaultRotateKey($input: RotateVaultKeyInput!) {\n    rotateVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation VaultRotateKey($input: RotateVaultKeyInput!) {\n    rotateVaultKey(input: $input) {\n      vaultKey {\n        ...VaultKeyState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VaultDelete($input: DeleteVaultInput!) {\n    deleteVault(input: $input) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation VaultDelete($input: DeleteVaultInput!) {\n    deleteVault(input: $input) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VaultPush($input: PushVaultLogsInput!) {\n    pushVaultLogs(input: $input) {\n      headSequence\n      logs {\n        ...VaultLogState\n      }\n    }\n  }\n  fragment VaultLogState on VaultLog {\n    cursor\n    id\n    sequence\n    encryptedData\n    nonce\n    haexTimestamp\n    deviceId\n    createdAt\n  }\n"): (typeof documents)["\n  mutation VaultPush($input: PushVaultLogsInput!) {\n    pushVaultLogs(input: $input) {\n      headSequence\n      logs {\n        ...VaultLogState\n      }\n    }\n  }\n  fragment VaultLogState on VaultLog {\n    cursor\n    id\n    sequence\n    encryptedData\n    nonce\n    haexTimestamp\n    deviceId\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VaultRead($id: ID!) {\n    vault(id: $id) {\n      id\n      headSequence\n      logBytes\n      cursor\n      createdAt\n      key {\n        ...VaultKeyState\n      }\n    }\n  }\n"): (typeof documents)["\n  query VaultRead($id: ID!) {\n    vault(id: $id) {\n      id\n      headSequence\n      logBytes\n      cursor\n      createdAt\n      key {\n        ...VaultKeyState\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VaultList($first: Int) {\n    vaults {\n      id\n      headSequence\n      logs(first: $first) {\n        hasMore\n        endSequence\n        nodes {\n          haexTimestamp\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query VaultList($first: Int) {\n    vaults {\n      id\n      headSequence\n      logs(first: $first) {\n        hasMore\n        endSequence\n        nodes {\n          haexTimestamp\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VaultReadLogs($id: ID!, $afterSequence: BigInt, $first: Int, $excludeDeviceId: ID) {\n    vault(id: $id) {\n      logs(afterSequence: $afterSequence, first: $first, excludeDeviceId: $excludeDeviceId) {\n        hasMore\n        endSequence\n        endCursor\n        nodes {\n          ...VaultLogState\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query VaultReadLogs($id: ID!, $afterSequence: BigInt, $first: Int, $excludeDeviceId: ID) {\n    vault(id: $id) {\n      logs(afterSequence: $afterSequence, first: $first, excludeDeviceId: $excludeDeviceId) {\n        hasMore\n        endSequence\n        endCursor\n        nodes {\n          ...VaultLogState\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription VaultFeed($vaultId: ID!, $after: Cursor) {\n    vaultLogs(vaultId: $vaultId, after: $after) {\n      __typename\n      cursor\n      ... on VaultLog {\n        ...VaultLogState\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription VaultFeed($vaultId: ID!, $after: Cursor) {\n    vaultLogs(vaultId: $vaultId, after: $after) {\n      __typename\n      cursor\n      ... on VaultLog {\n        ...VaultLogState\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;