import pg from 'pg';
import { startPostgres } from '../harness/postgres.ts';
import { writeFileSync } from 'node:fs';
const s = await startPostgres({ settings: { shared_buffers: '6GB', max_wal_size: '8GB', checkpoint_timeout: '30min', shared_preload_libraries: 'pg_stat_statements,auto_explain', 'pg_stat_statements.max': '1000', 'auto_explain.log_min_duration': '30ms', 'auto_explain.log_analyze': 'on', 'auto_explain.log_buffers':'on', 'logging_collector':'on','log_directory':'/tmp/pglog','log_filename':'pg.log', 'auto_explain.log_nested_statements':'off' } });
writeFileSync('/tmp/pgurl', s.url());
process.stdin.resume();
process.on('SIGTERM', async () => { await s.stop('immediate'); process.exit(0); });
