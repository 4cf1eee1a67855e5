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
    "\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n": typeof types.MatrixLoginDocument,
    "\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n": typeof types.MatrixFolderDocument,
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
    "\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n": typeof types.ReadSnapshotDocument,
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
    "\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n": typeof types.ListingImportDocument,
    "\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ListingNotesDocument,
    "\n  query ListingCounts($folderId: ID) {\n    noteCounts(folderId: $folderId) {\n      all\n      starred\n      archived\n      hidden\n      trashed\n      public\n    }\n  }\n": typeof types.ListingCountsDocument,
    "\n  query ListingNotebook {\n    notebook {\n      cursor\n      usedBytes\n      quotaBytes\n    }\n  }\n": typeof types.ListingNotebookDocument,
    "\n  query ListingImportedNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n      }\n      type\n      title\n      content\n      encryptedTitle\n      encryptedContent\n      iv\n      salt\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      version\n      viewerAccess\n      createdAt\n      updatedAt\n    }\n  }\n": typeof types.ListingImportedNoteDocument,
    "\n  query ListingImportedFolder($id: ID!) {\n    folder(id: $id) {\n      name\n      color\n      position\n      isDefault\n      parent {\n        id\n      }\n      createdAt\n      updatedAt\n    }\n  }\n": typeof types.ListingImportedFolderDocument,
    "\n  subscription ListingChanges($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n": typeof types.ListingChangesDocument,
};
const documents: Documents = {
    "\n  mutation MatrixDevice($input: RegisterDeviceInput!) {\n    registerDevice(input: $input) {\n      device {\n        id\n      }\n    }\n  }\n": types.MatrixDeviceDocument,
    "\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n": types.MatrixLoginDocument,
    "\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n": types.MatrixFolderDocument,
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
    "\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n": types.ReadSnapshotDocument,
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
    "\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n": types.ListingImportDocument,
    "\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ListingNotesDocument,
    "\n  query ListingCounts($folderId: ID) {\n    noteCounts(folderId: $folderId) {\n      all\n      starred\n      archived\n      hidden\n      trashed\n      public\n    }\n  }\n": types.ListingCountsDocument,
    "\n  query ListingNotebook {\n    notebook {\n      cursor\n      usedBytes\n      quotaBytes\n    }\n  }\n": types.ListingNotebookDocument,
    "\n  query ListingImportedNote($id: ID!) {\n    note(id: $id) {\n      folder {\n        id\n      }\n      type\n      title\n      content\n      encryptedTitle\n      encryptedContent\n      iv\n      salt\n      tags\n      starred\n      archived\n      hidden\n      trashedAt\n      version\n      viewerAccess\n      createdAt\n      updatedAt\n    }\n  }\n": types.ListingImportedNoteDocument,
    "\n  query ListingImportedFolder($id: ID!) {\n    folder(id: $id) {\n      name\n      color\n      position\n      isDefault\n      parent {\n        id\n      }\n      createdAt\n      updatedAt\n    }\n  }\n": types.ListingImportedFolderDocument,
    "\n  subscription ListingChanges($after: Cursor) {\n    notebookChanges(after: $after) {\n      __typename\n      cursor\n      ... on NoteChange {\n        operation\n        noteId\n        changedFields\n      }\n      ... on FolderChange {\n        operation\n        folderId\n        changedFields\n      }\n    }\n  }\n": types.ListingChangesDocument,
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
export function graphql(source: "\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixLogin($input: LoginInput!) {\n    login(input: $input) {\n      accessToken\n      session {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MatrixFolder($input: CreateFolderInput!) {\n    createFolder(input: $input) {\n      folder {\n        id\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadSnapshot($id: ID!) {\n    node(id: $id) {\n      ... on Snapshot {\n        id\n        label\n        fields\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n"): (typeof documents)["\n  mutation ListingImport($input: ImportNotebookInput!) {\n    importNotebook(input: $input) {\n      importedFolderIds\n      importedNoteIds\n      skippedIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {\n    notes(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n        }\n      }\n      nodes {\n        id\n        title\n        updatedAt\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
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

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;