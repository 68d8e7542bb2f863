// Next times by robfig/cron, for the table of cron times.
//
//	ZONEINFO=<the folder zoneinfo of the pip package tzdata> go run with_robfig.go < unix.in > robfig.out
//
// The version is in go.mod. ZONEINFO makes Go read the same zones as the others.
// In: expression, zone, from, count, separated by tabs. Out: one line for each.
// It looks five years ahead and no more; what it did not find is then missing.
// It never returns for some times around the day that Pacific/Apia skipped: two seconds are given.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

func instants(expression, zone, from string, count int) (string, error) {
	parser := cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	schedule, err := parser.Parse("CRON_TZ=" + zone + " " + expression)
	if err != nil {
		return "", err
	}
	at, err := time.Parse(time.RFC3339, from)
	if err != nil {
		return "", err
	}
	var found []string
	for len(found) < count {
		at = schedule.Next(at)
		if at.IsZero() {
			break
		}
		found = append(found, at.UTC().Format("2006-01-02T15:04:05Z"))
	}
	if len(found) == 0 {
		return "never", nil
	}
	return strings.Join(found, ","), nil
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		count, _ := strconv.Atoi(fields[3])
		answer := make(chan string, 1)
		go func() {
			found, err := instants(fields[0], fields[1], fields[2], count)
			if err != nil {
				found = "error: " + err.Error()
			}
			answer <- found
		}()
		select {
		case found := <-answer:
			fmt.Println(found)
		case <-time.After(2 * time.Second):
			fmt.Println("error: no answer within two seconds")
		}
	}
}
