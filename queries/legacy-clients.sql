-- Clients that cannot answer a second factor, as Microsoft's gap workbook counts them: neither browser nor modern client.
-- columns: client VARCHAR, signins BIGINT, successes BIGINT, people BIGINT, last_seen TIMESTAMP
SELECT
    client,
    count(*) AS signins,
    count(*) FILTER (WHERE outcome = 'success') AS successes,
    count(DISTINCT person) AS people,
    max(time) AS last_seen
FROM signins
WHERE provider = 'entra' AND client IS NOT NULL AND lower(client) NOT IN ('browser', 'mobile apps and desktop clients')
GROUP BY client
ORDER BY successes DESC, signins DESC, client
