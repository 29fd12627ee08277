-- Rows per day and sign-in stream: a day or a stream that is missing shows here.
-- columns: day VARCHAR, provider VARCHAR, stream VARCHAR, signins BIGINT, people BIGINT
SELECT
    strftime(time, '%Y-%m-%d') AS day,
    provider,
    coalesce(stream, 'unknown') AS stream,
    count(*) AS signins,
    count(DISTINCT person) AS people
FROM signins
GROUP BY ALL
ORDER BY day, provider, stream
