// Next times by Quartz's CronExpression, for the table of cron times.
//
//   java -cp quartz-2.5.2.jar:slf4j-api-2.0.16.jar WithQuartz.java < quartz.in > quartz-2.5.2.out
//   java -cp quartz-2.3.2.jar:slf4j-api-2.0.16.jar WithQuartz.java < quartz.in > quartz-2.3.2.out
//
// The jars are on Maven Central (org.quartz-scheduler:quartz, org.slf4j:slf4j-api).
// The zones are those of the Java runtime.
// In: expression, zone, from, count, separated by tabs. Out: one line for each.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.quartz.CronExpression;

public class WithQuartz {
    static String instants(String text, String zone, String from, int count) {
        try {
            CronExpression expression = new CronExpression(text);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            Date at = Date.from(Instant.parse(from));
            List<String> found = new ArrayList<>();
            while (found.size() < count) {
                at = expression.getNextValidTimeAfter(at);
                if (at == null) {
                    break;
                }
                found.add(at.toInstant().toString());
            }
            return found.isEmpty() ? "never" : String.join(",", found);
        } catch (Exception error) {
            return "error: " + error.getMessage();
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split("\t");
            System.out.println(instants(fields[0], fields[1], fields[2], Integer.parseInt(fields[3])));
        }
    }
}
