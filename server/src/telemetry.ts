/**
 * The only file that knows the OpenTelemetry SDK: it is loaded only where traces have somewhere to go.
 *
 * Everything else uses OpenTelemetry's API, which does nothing without it.
 */
import type { Logger } from 'pino';
import type { Config } from './config.ts';

/** How to end it: what was recorded is sent, within a bound. */
export type Telemetry = { stop(): Promise<void> };

const exportTimeoutMs = 5000;

/** Starts to export traces if an endpoint is set; else does nothing. */
export async function startTelemetry(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): Promise<Telemetry> {
  const endpoint = config.otlpEndpoint || environment.OTEL_EXPORTER_OTLP_ENDPOINT || '';
  if (endpoint === '') return { stop: async () => {} };
  const [node, base, exporter, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-grpc'),
    import('@opentelemetry/resources'),
  ]);
  const traceExporter = new exporter.OTLPTraceExporter({
    url: endpoint,
    timeoutMillis: exportTimeoutMs,
  });
  const provider = new node.NodeTracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': environment.OTEL_SERVICE_NAME ?? 'muster-coordinator',
    }),
    spanProcessors: [new base.BatchSpanProcessor(traceExporter)],
  });
  provider.register();
  logger.info({ endpoint }, 'traces are sent');
  return {
    async stop() {
      try {
        await provider.shutdown();
      } catch (error) {
        logger.warn({ err: error }, 'the last traces could not be sent');
      }
    },
  };
}
