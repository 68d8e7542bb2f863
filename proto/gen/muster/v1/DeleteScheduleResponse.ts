// Original file: muster/v1/schedule_service.proto


/**
 * It is gone.
 */
export interface DeleteScheduleResponse {
}

/**
 * It is gone.
 */
export interface DeleteScheduleResponse__Output {
}
