/** What can be seen of a job from outside, read and judged; nothing here changes anything. */
package dev.trafficctl.cli.observe;
