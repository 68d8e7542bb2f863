// Original file: muster/v1/error_reason.proto

/**
 * The `reason` of the `google.rpc.ErrorInfo` (domain `muster`) in every error status, without the prefix.
 */
export const ErrorReason = {
  /**
   * Never sent.
   */
  ERROR_REASON_UNSPECIFIED: 'ERROR_REASON_UNSPECIFIED',
  /**
   * INVALID_ARGUMENT: fields of the request are wrong; `google.rpc.BadRequest` names the first 20.
   */
  ERROR_REASON_INVALID_REQUEST: 'ERROR_REASON_INVALID_REQUEST',
  /**
   * INVALID_ARGUMENT: a task id is not within 24 h of the database's time. Metadata: `server_time`.
   */
  ERROR_REASON_ID_OUT_OF_RANGE: 'ERROR_REASON_ID_OUT_OF_RANGE',
  /**
   * ALREADY_EXISTS: a task of this id is stored with other content. Metadata: `id`.
   */
  ERROR_REASON_TASK_ID_REUSED: 'ERROR_REASON_TASK_ID_REUSED',
  /**
   * INVALID_ARGUMENT: the page token is malformed or belongs to another query.
   */
  ERROR_REASON_PAGE_TOKEN_INVALID: 'ERROR_REASON_PAGE_TOKEN_INVALID',
  /**
   * NOT_FOUND: no task of this id, or none any more. Metadata: `id`.
   */
  ERROR_REASON_TASK_NOT_FOUND: 'ERROR_REASON_TASK_NOT_FOUND',
  /**
   * NOT_FOUND: no agent has registered this handler. Metadata: `handler`, `nearest_handler`.
   */
  ERROR_REASON_HANDLER_NOT_FOUND: 'ERROR_REASON_HANDLER_NOT_FOUND',
  /**
   * NOT_FOUND: no such namespace. Metadata: `namespace`, `nearest_namespace`.
   */
  ERROR_REASON_NAMESPACE_NOT_FOUND: 'ERROR_REASON_NAMESPACE_NOT_FOUND',
  /**
   * ALREADY_EXISTS: there is a namespace of this name.
   */
  ERROR_REASON_NAMESPACE_EXISTS: 'ERROR_REASON_NAMESPACE_EXISTS',
  /**
   * FAILED_PRECONDITION: the namespace has schedules, unfinished tasks or connected agents.
   */
  ERROR_REASON_NAMESPACE_NOT_EMPTY: 'ERROR_REASON_NAMESPACE_NOT_EMPTY',
  /**
   * NOT_FOUND: no such agent.
   */
  ERROR_REASON_AGENT_NOT_FOUND: 'ERROR_REASON_AGENT_NOT_FOUND',
  /**
   * NOT_FOUND: no such coordinator.
   */
  ERROR_REASON_COORDINATOR_NOT_FOUND: 'ERROR_REASON_COORDINATOR_NOT_FOUND',
  /**
   * UNAUTHENTICATED: no token, or an unknown one.
   */
  ERROR_REASON_TOKEN_INVALID: 'ERROR_REASON_TOKEN_INVALID',
  /**
   * PERMISSION_DENIED: the token lacks the right in the namespace. Metadata: `right`, `namespace`.
   */
  ERROR_REASON_RIGHT_MISSING: 'ERROR_REASON_RIGHT_MISSING',
  /**
   * RESOURCE_EXHAUSTED: a buffer of the coordinator is full; `google.rpc.RetryInfo` says when to come back.
   */
  ERROR_REASON_OVERLOADED: 'ERROR_REASON_OVERLOADED',
  /**
   * UNAVAILABLE: the database cannot be reached; `google.rpc.RetryInfo` says when to come back.
   */
  ERROR_REASON_DATABASE_UNAVAILABLE: 'ERROR_REASON_DATABASE_UNAVAILABLE',
  /**
   * UNAVAILABLE: the coordinator stops; go to another one.
   */
  ERROR_REASON_STOPPING: 'ERROR_REASON_STOPPING',
  /**
   * FAILED_PRECONDITION: the agent broke the session protocol; the message says how. The stream is closed.
   */
  ERROR_REASON_PROTOCOL_VIOLATION: 'ERROR_REASON_PROTOCOL_VIOLATION',
  /**
   * FAILED_PRECONDITION: the session is lost, closed, or held with another token. Begin a new one.
   */
  ERROR_REASON_SESSION_ENDED: 'ERROR_REASON_SESSION_ENDED',
  /**
   * FAILED_PRECONDITION: the coordinator does not speak this version of the protocol. Metadata: `supported`.
   */
  ERROR_REASON_PROTOCOL_UNSUPPORTED: 'ERROR_REASON_PROTOCOL_UNSUPPORTED',
  /**
   * INTERNAL: a defect of Muster. The message holds an id to look for in the coordinator's log.
   */
  ERROR_REASON_INTERNAL: 'ERROR_REASON_INTERNAL',
  /**
   * ABORTED: the session attached elsewhere; this stream is over.
   */
  ERROR_REASON_SESSION_MOVED: 'ERROR_REASON_SESSION_MOVED',
  /**
   * UNAVAILABLE: this coordinator lacks the role that serves the call. Metadata: `role`, and `addresses` of coordinators that
   * have it, with commas; may be empty.
   */
  ERROR_REASON_ROLE_MISSING: 'ERROR_REASON_ROLE_MISSING',
  /**
   * NOT_FOUND: no such schedule. Metadata: `schedule`, `nearest_schedule`.
   */
  ERROR_REASON_SCHEDULE_NOT_FOUND: 'ERROR_REASON_SCHEDULE_NOT_FOUND',
  /**
   * ALREADY_EXISTS: there is a schedule of this name.
   */
  ERROR_REASON_SCHEDULE_EXISTS: 'ERROR_REASON_SCHEDULE_EXISTS',
  /**
   * NOT_FOUND: no such shared limit. Metadata: `limit`, `nearest_limit`.
   */
  ERROR_REASON_LIMIT_NOT_FOUND: 'ERROR_REASON_LIMIT_NOT_FOUND',
  /**
   * FAILED_PRECONDITION: handlers are under the shared limit. Metadata: `handlers`, with commas.
   */
  ERROR_REASON_LIMIT_USED: 'ERROR_REASON_LIMIT_USED',
} as const;

/**
 * The `reason` of the `google.rpc.ErrorInfo` (domain `muster`) in every error status, without the prefix.
 */
export type ErrorReason =
  /**
   * Never sent.
   */
  | 'ERROR_REASON_UNSPECIFIED'
  | 0
  /**
   * INVALID_ARGUMENT: fields of the request are wrong; `google.rpc.BadRequest` names the first 20.
   */
  | 'ERROR_REASON_INVALID_REQUEST'
  | 1
  /**
   * INVALID_ARGUMENT: a task id is not within 24 h of the database's time. Metadata: `server_time`.
   */
  | 'ERROR_REASON_ID_OUT_OF_RANGE'
  | 2
  /**
   * ALREADY_EXISTS: a task of this id is stored with other content. Metadata: `id`.
   */
  | 'ERROR_REASON_TASK_ID_REUSED'
  | 3
  /**
   * INVALID_ARGUMENT: the page token is malformed or belongs to another query.
   */
  | 'ERROR_REASON_PAGE_TOKEN_INVALID'
  | 4
  /**
   * NOT_FOUND: no task of this id, or none any more. Metadata: `id`.
   */
  | 'ERROR_REASON_TASK_NOT_FOUND'
  | 5
  /**
   * NOT_FOUND: no agent has registered this handler. Metadata: `handler`, `nearest_handler`.
   */
  | 'ERROR_REASON_HANDLER_NOT_FOUND'
  | 6
  /**
   * NOT_FOUND: no such namespace. Metadata: `namespace`, `nearest_namespace`.
   */
  | 'ERROR_REASON_NAMESPACE_NOT_FOUND'
  | 7
  /**
   * ALREADY_EXISTS: there is a namespace of this name.
   */
  | 'ERROR_REASON_NAMESPACE_EXISTS'
  | 8
  /**
   * FAILED_PRECONDITION: the namespace has schedules, unfinished tasks or connected agents.
   */
  | 'ERROR_REASON_NAMESPACE_NOT_EMPTY'
  | 9
  /**
   * NOT_FOUND: no such agent.
   */
  | 'ERROR_REASON_AGENT_NOT_FOUND'
  | 10
  /**
   * NOT_FOUND: no such coordinator.
   */
  | 'ERROR_REASON_COORDINATOR_NOT_FOUND'
  | 11
  /**
   * UNAUTHENTICATED: no token, or an unknown one.
   */
  | 'ERROR_REASON_TOKEN_INVALID'
  | 12
  /**
   * PERMISSION_DENIED: the token lacks the right in the namespace. Metadata: `right`, `namespace`.
   */
  | 'ERROR_REASON_RIGHT_MISSING'
  | 13
  /**
   * RESOURCE_EXHAUSTED: a buffer of the coordinator is full; `google.rpc.RetryInfo` says when to come back.
   */
  | 'ERROR_REASON_OVERLOADED'
  | 14
  /**
   * UNAVAILABLE: the database cannot be reached; `google.rpc.RetryInfo` says when to come back.
   */
  | 'ERROR_REASON_DATABASE_UNAVAILABLE'
  | 15
  /**
   * UNAVAILABLE: the coordinator stops; go to another one.
   */
  | 'ERROR_REASON_STOPPING'
  | 16
  /**
   * FAILED_PRECONDITION: the agent broke the session protocol; the message says how. The stream is closed.
   */
  | 'ERROR_REASON_PROTOCOL_VIOLATION'
  | 17
  /**
   * FAILED_PRECONDITION: the session is lost, closed, or held with another token. Begin a new one.
   */
  | 'ERROR_REASON_SESSION_ENDED'
  | 18
  /**
   * FAILED_PRECONDITION: the coordinator does not speak this version of the protocol. Metadata: `supported`.
   */
  | 'ERROR_REASON_PROTOCOL_UNSUPPORTED'
  | 19
  /**
   * INTERNAL: a defect of Muster. The message holds an id to look for in the coordinator's log.
   */
  | 'ERROR_REASON_INTERNAL'
  | 20
  /**
   * ABORTED: the session attached elsewhere; this stream is over.
   */
  | 'ERROR_REASON_SESSION_MOVED'
  | 21
  /**
   * UNAVAILABLE: this coordinator lacks the role that serves the call. Metadata: `role`, and `addresses` of coordinators that
   * have it, with commas; may be empty.
   */
  | 'ERROR_REASON_ROLE_MISSING'
  | 22
  /**
   * NOT_FOUND: no such schedule. Metadata: `schedule`, `nearest_schedule`.
   */
  | 'ERROR_REASON_SCHEDULE_NOT_FOUND'
  | 23
  /**
   * ALREADY_EXISTS: there is a schedule of this name.
   */
  | 'ERROR_REASON_SCHEDULE_EXISTS'
  | 24
  /**
   * NOT_FOUND: no such shared limit. Metadata: `limit`, `nearest_limit`.
   */
  | 'ERROR_REASON_LIMIT_NOT_FOUND'
  | 25
  /**
   * FAILED_PRECONDITION: handlers are under the shared limit. Metadata: `handlers`, with commas.
   */
  | 'ERROR_REASON_LIMIT_USED'
  | 26

/**
 * The `reason` of the `google.rpc.ErrorInfo` (domain `muster`) in every error status, without the prefix.
 */
export type ErrorReason__Output = typeof ErrorReason[keyof typeof ErrorReason]
