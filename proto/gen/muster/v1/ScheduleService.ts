// Original file: muster/v1/schedule_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApplySchedulesRequest as _muster_v1_ApplySchedulesRequest, ApplySchedulesRequest__Output as _muster_v1_ApplySchedulesRequest__Output } from '../../muster/v1/ApplySchedulesRequest.ts';
import type { ApplySchedulesResponse as _muster_v1_ApplySchedulesResponse, ApplySchedulesResponse__Output as _muster_v1_ApplySchedulesResponse__Output } from '../../muster/v1/ApplySchedulesResponse.ts';
import type { BackfillScheduleRequest as _muster_v1_BackfillScheduleRequest, BackfillScheduleRequest__Output as _muster_v1_BackfillScheduleRequest__Output } from '../../muster/v1/BackfillScheduleRequest.ts';
import type { BackfillScheduleResponse as _muster_v1_BackfillScheduleResponse, BackfillScheduleResponse__Output as _muster_v1_BackfillScheduleResponse__Output } from '../../muster/v1/BackfillScheduleResponse.ts';
import type { CreateScheduleRequest as _muster_v1_CreateScheduleRequest, CreateScheduleRequest__Output as _muster_v1_CreateScheduleRequest__Output } from '../../muster/v1/CreateScheduleRequest.ts';
import type { CreateScheduleResponse as _muster_v1_CreateScheduleResponse, CreateScheduleResponse__Output as _muster_v1_CreateScheduleResponse__Output } from '../../muster/v1/CreateScheduleResponse.ts';
import type { DeleteScheduleRequest as _muster_v1_DeleteScheduleRequest, DeleteScheduleRequest__Output as _muster_v1_DeleteScheduleRequest__Output } from '../../muster/v1/DeleteScheduleRequest.ts';
import type { DeleteScheduleResponse as _muster_v1_DeleteScheduleResponse, DeleteScheduleResponse__Output as _muster_v1_DeleteScheduleResponse__Output } from '../../muster/v1/DeleteScheduleResponse.ts';
import type { GetScheduleRequest as _muster_v1_GetScheduleRequest, GetScheduleRequest__Output as _muster_v1_GetScheduleRequest__Output } from '../../muster/v1/GetScheduleRequest.ts';
import type { GetScheduleResponse as _muster_v1_GetScheduleResponse, GetScheduleResponse__Output as _muster_v1_GetScheduleResponse__Output } from '../../muster/v1/GetScheduleResponse.ts';
import type { ListFiresRequest as _muster_v1_ListFiresRequest, ListFiresRequest__Output as _muster_v1_ListFiresRequest__Output } from '../../muster/v1/ListFiresRequest.ts';
import type { ListFiresResponse as _muster_v1_ListFiresResponse, ListFiresResponse__Output as _muster_v1_ListFiresResponse__Output } from '../../muster/v1/ListFiresResponse.ts';
import type { ListSchedulesRequest as _muster_v1_ListSchedulesRequest, ListSchedulesRequest__Output as _muster_v1_ListSchedulesRequest__Output } from '../../muster/v1/ListSchedulesRequest.ts';
import type { ListSchedulesResponse as _muster_v1_ListSchedulesResponse, ListSchedulesResponse__Output as _muster_v1_ListSchedulesResponse__Output } from '../../muster/v1/ListSchedulesResponse.ts';
import type { PauseScheduleRequest as _muster_v1_PauseScheduleRequest, PauseScheduleRequest__Output as _muster_v1_PauseScheduleRequest__Output } from '../../muster/v1/PauseScheduleRequest.ts';
import type { PauseScheduleResponse as _muster_v1_PauseScheduleResponse, PauseScheduleResponse__Output as _muster_v1_PauseScheduleResponse__Output } from '../../muster/v1/PauseScheduleResponse.ts';
import type { PreviewScheduleRequest as _muster_v1_PreviewScheduleRequest, PreviewScheduleRequest__Output as _muster_v1_PreviewScheduleRequest__Output } from '../../muster/v1/PreviewScheduleRequest.ts';
import type { PreviewScheduleResponse as _muster_v1_PreviewScheduleResponse, PreviewScheduleResponse__Output as _muster_v1_PreviewScheduleResponse__Output } from '../../muster/v1/PreviewScheduleResponse.ts';
import type { ResumeScheduleRequest as _muster_v1_ResumeScheduleRequest, ResumeScheduleRequest__Output as _muster_v1_ResumeScheduleRequest__Output } from '../../muster/v1/ResumeScheduleRequest.ts';
import type { ResumeScheduleResponse as _muster_v1_ResumeScheduleResponse, ResumeScheduleResponse__Output as _muster_v1_ResumeScheduleResponse__Output } from '../../muster/v1/ResumeScheduleResponse.ts';
import type { TriggerScheduleRequest as _muster_v1_TriggerScheduleRequest, TriggerScheduleRequest__Output as _muster_v1_TriggerScheduleRequest__Output } from '../../muster/v1/TriggerScheduleRequest.ts';
import type { TriggerScheduleResponse as _muster_v1_TriggerScheduleResponse, TriggerScheduleResponse__Output as _muster_v1_TriggerScheduleResponse__Output } from '../../muster/v1/TriggerScheduleResponse.ts';
import type { UpdateScheduleRequest as _muster_v1_UpdateScheduleRequest, UpdateScheduleRequest__Output as _muster_v1_UpdateScheduleRequest__Output } from '../../muster/v1/UpdateScheduleRequest.ts';
import type { UpdateScheduleResponse as _muster_v1_UpdateScheduleResponse, UpdateScheduleResponse__Output as _muster_v1_UpdateScheduleResponse__Output } from '../../muster/v1/UpdateScheduleResponse.ts';

/**
 * For applications and operators: everything about schedules. Needs the right `submit` in the namespace.
 */
export interface ScheduleServiceClient extends grpc.Client {
  /**
   * Makes and changes many schedules so that each is as its spec says; all or none. Those that are not named stay as they are.
   * Whether a schedule is paused stays as it is. At most 10,000 schedules and 4 MiB a call.
   */
  ApplySchedules(argument: _muster_v1_ApplySchedulesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  ApplySchedules(argument: _muster_v1_ApplySchedulesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  ApplySchedules(argument: _muster_v1_ApplySchedulesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  ApplySchedules(argument: _muster_v1_ApplySchedulesRequest, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes and changes many schedules so that each is as its spec says; all or none. Those that are not named stay as they are.
   * Whether a schedule is paused stays as it is. At most 10,000 schedules and 4 MiB a call.
   */
  applySchedules(argument: _muster_v1_ApplySchedulesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  applySchedules(argument: _muster_v1_ApplySchedulesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  applySchedules(argument: _muster_v1_ApplySchedulesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  applySchedules(argument: _muster_v1_ApplySchedulesRequest, callback: grpc.requestCallback<_muster_v1_ApplySchedulesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes a task for each nominal time of a range that has none: before it was made, skipped, or while it was paused. All of
   * the range or nothing; repeating it is harmless.
   */
  BackfillSchedule(argument: _muster_v1_BackfillScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  BackfillSchedule(argument: _muster_v1_BackfillScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  BackfillSchedule(argument: _muster_v1_BackfillScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  BackfillSchedule(argument: _muster_v1_BackfillScheduleRequest, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a task for each nominal time of a range that has none: before it was made, skipped, or while it was paused. All of
   * the range or nothing; repeating it is harmless.
   */
  backfillSchedule(argument: _muster_v1_BackfillScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  backfillSchedule(argument: _muster_v1_BackfillScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  backfillSchedule(argument: _muster_v1_BackfillScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  backfillSchedule(argument: _muster_v1_BackfillScheduleRequest, callback: grpc.requestCallback<_muster_v1_BackfillScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes a schedule. ALREADY_EXISTS (SCHEDULE_EXISTS) if there is one of that name.
   */
  CreateSchedule(argument: _muster_v1_CreateScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  CreateSchedule(argument: _muster_v1_CreateScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  CreateSchedule(argument: _muster_v1_CreateScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  CreateSchedule(argument: _muster_v1_CreateScheduleRequest, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a schedule. ALREADY_EXISTS (SCHEDULE_EXISTS) if there is one of that name.
   */
  createSchedule(argument: _muster_v1_CreateScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  createSchedule(argument: _muster_v1_CreateScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  createSchedule(argument: _muster_v1_CreateScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  createSchedule(argument: _muster_v1_CreateScheduleRequest, callback: grpc.requestCallback<_muster_v1_CreateScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a schedule with its fire records. Its tasks stay.
   */
  DeleteSchedule(argument: _muster_v1_DeleteScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  DeleteSchedule(argument: _muster_v1_DeleteScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  DeleteSchedule(argument: _muster_v1_DeleteScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  DeleteSchedule(argument: _muster_v1_DeleteScheduleRequest, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a schedule with its fire records. Its tasks stay.
   */
  deleteSchedule(argument: _muster_v1_DeleteScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  deleteSchedule(argument: _muster_v1_DeleteScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  deleteSchedule(argument: _muster_v1_DeleteScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  deleteSchedule(argument: _muster_v1_DeleteScheduleRequest, callback: grpc.requestCallback<_muster_v1_DeleteScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one schedule. NOT_FOUND (SCHEDULE_NOT_FOUND) names the nearest known name.
   */
  GetSchedule(argument: _muster_v1_GetScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  GetSchedule(argument: _muster_v1_GetScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  GetSchedule(argument: _muster_v1_GetScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  GetSchedule(argument: _muster_v1_GetScheduleRequest, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one schedule. NOT_FOUND (SCHEDULE_NOT_FOUND) names the nearest known name.
   */
  getSchedule(argument: _muster_v1_GetScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  getSchedule(argument: _muster_v1_GetScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  getSchedule(argument: _muster_v1_GetScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  getSchedule(argument: _muster_v1_GetScheduleRequest, callback: grpc.requestCallback<_muster_v1_GetScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists fire records of a schedule, by nominal time, newest first.
   */
  ListFires(argument: _muster_v1_ListFiresRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  ListFires(argument: _muster_v1_ListFiresRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  ListFires(argument: _muster_v1_ListFiresRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  ListFires(argument: _muster_v1_ListFiresRequest, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists fire records of a schedule, by nominal time, newest first.
   */
  listFires(argument: _muster_v1_ListFiresRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  listFires(argument: _muster_v1_ListFiresRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  listFires(argument: _muster_v1_ListFiresRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  listFires(argument: _muster_v1_ListFiresRequest, callback: grpc.requestCallback<_muster_v1_ListFiresResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists schedules, by name.
   */
  ListSchedules(argument: _muster_v1_ListSchedulesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  ListSchedules(argument: _muster_v1_ListSchedulesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  ListSchedules(argument: _muster_v1_ListSchedulesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  ListSchedules(argument: _muster_v1_ListSchedulesRequest, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists schedules, by name.
   */
  listSchedules(argument: _muster_v1_ListSchedulesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _muster_v1_ListSchedulesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _muster_v1_ListSchedulesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _muster_v1_ListSchedulesRequest, callback: grpc.requestCallback<_muster_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Stops a schedule from asking for tasks; what waits in its buffer waits on. Pausing a paused one changes the note.
   */
  PauseSchedule(argument: _muster_v1_PauseScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  PauseSchedule(argument: _muster_v1_PauseScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  PauseSchedule(argument: _muster_v1_PauseScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  PauseSchedule(argument: _muster_v1_PauseScheduleRequest, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Stops a schedule from asking for tasks; what waits in its buffer waits on. Pausing a paused one changes the note.
   */
  pauseSchedule(argument: _muster_v1_PauseScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _muster_v1_PauseScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _muster_v1_PauseScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _muster_v1_PauseScheduleRequest, callback: grpc.requestCallback<_muster_v1_PauseScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells the next nominal times of a schedule, or of a spec that is not stored.
   */
  PreviewSchedule(argument: _muster_v1_PreviewScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  PreviewSchedule(argument: _muster_v1_PreviewScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  PreviewSchedule(argument: _muster_v1_PreviewScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  PreviewSchedule(argument: _muster_v1_PreviewScheduleRequest, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells the next nominal times of a schedule, or of a spec that is not stored.
   */
  previewSchedule(argument: _muster_v1_PreviewScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  previewSchedule(argument: _muster_v1_PreviewScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  previewSchedule(argument: _muster_v1_PreviewScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  previewSchedule(argument: _muster_v1_PreviewScheduleRequest, callback: grpc.requestCallback<_muster_v1_PreviewScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lets it ask again, from now on: what it would have asked for meanwhile is not late, it was not asked for.
   */
  ResumeSchedule(argument: _muster_v1_ResumeScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  ResumeSchedule(argument: _muster_v1_ResumeScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  ResumeSchedule(argument: _muster_v1_ResumeScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  ResumeSchedule(argument: _muster_v1_ResumeScheduleRequest, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lets it ask again, from now on: what it would have asked for meanwhile is not late, it was not asked for.
   */
  resumeSchedule(argument: _muster_v1_ResumeScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  resumeSchedule(argument: _muster_v1_ResumeScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  resumeSchedule(argument: _muster_v1_ResumeScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  resumeSchedule(argument: _muster_v1_ResumeScheduleRequest, callback: grpc.requestCallback<_muster_v1_ResumeScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes a task of it now, whatever its timing, pause and overlap policy say.
   */
  TriggerSchedule(argument: _muster_v1_TriggerScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  TriggerSchedule(argument: _muster_v1_TriggerScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  TriggerSchedule(argument: _muster_v1_TriggerScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  TriggerSchedule(argument: _muster_v1_TriggerScheduleRequest, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a task of it now, whatever its timing, pause and overlap policy say.
   */
  triggerSchedule(argument: _muster_v1_TriggerScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  triggerSchedule(argument: _muster_v1_TriggerScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  triggerSchedule(argument: _muster_v1_TriggerScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  triggerSchedule(argument: _muster_v1_TriggerScheduleRequest, callback: grpc.requestCallback<_muster_v1_TriggerScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Changes the parts of the spec that the mask names. If the timing changes, what it asks for counts from now on.
   */
  UpdateSchedule(argument: _muster_v1_UpdateScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  UpdateSchedule(argument: _muster_v1_UpdateScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  UpdateSchedule(argument: _muster_v1_UpdateScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  UpdateSchedule(argument: _muster_v1_UpdateScheduleRequest, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Changes the parts of the spec that the mask names. If the timing changes, what it asks for counts from now on.
   */
  updateSchedule(argument: _muster_v1_UpdateScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  updateSchedule(argument: _muster_v1_UpdateScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  updateSchedule(argument: _muster_v1_UpdateScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  updateSchedule(argument: _muster_v1_UpdateScheduleRequest, callback: grpc.requestCallback<_muster_v1_UpdateScheduleResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For applications and operators: everything about schedules. Needs the right `submit` in the namespace.
 */
export interface ScheduleServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Makes and changes many schedules so that each is as its spec says; all or none. Those that are not named stay as they are.
   * Whether a schedule is paused stays as it is. At most 10,000 schedules and 4 MiB a call.
   */
  ApplySchedules: grpc.handleUnaryCall<_muster_v1_ApplySchedulesRequest__Output, _muster_v1_ApplySchedulesResponse>;
  
  /**
   * Makes a task for each nominal time of a range that has none: before it was made, skipped, or while it was paused. All of
   * the range or nothing; repeating it is harmless.
   */
  BackfillSchedule: grpc.handleUnaryCall<_muster_v1_BackfillScheduleRequest__Output, _muster_v1_BackfillScheduleResponse>;
  
  /**
   * Makes a schedule. ALREADY_EXISTS (SCHEDULE_EXISTS) if there is one of that name.
   */
  CreateSchedule: grpc.handleUnaryCall<_muster_v1_CreateScheduleRequest__Output, _muster_v1_CreateScheduleResponse>;
  
  /**
   * Deletes a schedule with its fire records. Its tasks stay.
   */
  DeleteSchedule: grpc.handleUnaryCall<_muster_v1_DeleteScheduleRequest__Output, _muster_v1_DeleteScheduleResponse>;
  
  /**
   * Reads one schedule. NOT_FOUND (SCHEDULE_NOT_FOUND) names the nearest known name.
   */
  GetSchedule: grpc.handleUnaryCall<_muster_v1_GetScheduleRequest__Output, _muster_v1_GetScheduleResponse>;
  
  /**
   * Lists fire records of a schedule, by nominal time, newest first.
   */
  ListFires: grpc.handleUnaryCall<_muster_v1_ListFiresRequest__Output, _muster_v1_ListFiresResponse>;
  
  /**
   * Lists schedules, by name.
   */
  ListSchedules: grpc.handleUnaryCall<_muster_v1_ListSchedulesRequest__Output, _muster_v1_ListSchedulesResponse>;
  
  /**
   * Stops a schedule from asking for tasks; what waits in its buffer waits on. Pausing a paused one changes the note.
   */
  PauseSchedule: grpc.handleUnaryCall<_muster_v1_PauseScheduleRequest__Output, _muster_v1_PauseScheduleResponse>;
  
  /**
   * Tells the next nominal times of a schedule, or of a spec that is not stored.
   */
  PreviewSchedule: grpc.handleUnaryCall<_muster_v1_PreviewScheduleRequest__Output, _muster_v1_PreviewScheduleResponse>;
  
  /**
   * Lets it ask again, from now on: what it would have asked for meanwhile is not late, it was not asked for.
   */
  ResumeSchedule: grpc.handleUnaryCall<_muster_v1_ResumeScheduleRequest__Output, _muster_v1_ResumeScheduleResponse>;
  
  /**
   * Makes a task of it now, whatever its timing, pause and overlap policy say.
   */
  TriggerSchedule: grpc.handleUnaryCall<_muster_v1_TriggerScheduleRequest__Output, _muster_v1_TriggerScheduleResponse>;
  
  /**
   * Changes the parts of the spec that the mask names. If the timing changes, what it asks for counts from now on.
   */
  UpdateSchedule: grpc.handleUnaryCall<_muster_v1_UpdateScheduleRequest__Output, _muster_v1_UpdateScheduleResponse>;
  
}

export interface ScheduleServiceDefinition extends grpc.ServiceDefinition {
  ApplySchedules: MethodDefinition<_muster_v1_ApplySchedulesRequest, _muster_v1_ApplySchedulesResponse, _muster_v1_ApplySchedulesRequest__Output, _muster_v1_ApplySchedulesResponse__Output>
  BackfillSchedule: MethodDefinition<_muster_v1_BackfillScheduleRequest, _muster_v1_BackfillScheduleResponse, _muster_v1_BackfillScheduleRequest__Output, _muster_v1_BackfillScheduleResponse__Output>
  CreateSchedule: MethodDefinition<_muster_v1_CreateScheduleRequest, _muster_v1_CreateScheduleResponse, _muster_v1_CreateScheduleRequest__Output, _muster_v1_CreateScheduleResponse__Output>
  DeleteSchedule: MethodDefinition<_muster_v1_DeleteScheduleRequest, _muster_v1_DeleteScheduleResponse, _muster_v1_DeleteScheduleRequest__Output, _muster_v1_DeleteScheduleResponse__Output>
  GetSchedule: MethodDefinition<_muster_v1_GetScheduleRequest, _muster_v1_GetScheduleResponse, _muster_v1_GetScheduleRequest__Output, _muster_v1_GetScheduleResponse__Output>
  ListFires: MethodDefinition<_muster_v1_ListFiresRequest, _muster_v1_ListFiresResponse, _muster_v1_ListFiresRequest__Output, _muster_v1_ListFiresResponse__Output>
  ListSchedules: MethodDefinition<_muster_v1_ListSchedulesRequest, _muster_v1_ListSchedulesResponse, _muster_v1_ListSchedulesRequest__Output, _muster_v1_ListSchedulesResponse__Output>
  PauseSchedule: MethodDefinition<_muster_v1_PauseScheduleRequest, _muster_v1_PauseScheduleResponse, _muster_v1_PauseScheduleRequest__Output, _muster_v1_PauseScheduleResponse__Output>
  PreviewSchedule: MethodDefinition<_muster_v1_PreviewScheduleRequest, _muster_v1_PreviewScheduleResponse, _muster_v1_PreviewScheduleRequest__Output, _muster_v1_PreviewScheduleResponse__Output>
  ResumeSchedule: MethodDefinition<_muster_v1_ResumeScheduleRequest, _muster_v1_ResumeScheduleResponse, _muster_v1_ResumeScheduleRequest__Output, _muster_v1_ResumeScheduleResponse__Output>
  TriggerSchedule: MethodDefinition<_muster_v1_TriggerScheduleRequest, _muster_v1_TriggerScheduleResponse, _muster_v1_TriggerScheduleRequest__Output, _muster_v1_TriggerScheduleResponse__Output>
  UpdateSchedule: MethodDefinition<_muster_v1_UpdateScheduleRequest, _muster_v1_UpdateScheduleResponse, _muster_v1_UpdateScheduleRequest__Output, _muster_v1_UpdateScheduleResponse__Output>
}
