package io.millrace.local.reconcile;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What was sent to repair a table.
 *
 * @param table the source table's full name
 * @param sent rows that were sent through the pipeline once more
 * @param notSent why others were not, with their keys
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TableRepair(String table, int sent, List<String> notSent) {}
