"""The ground under the drawn maps: water, woods, roads and names out of a file of vector tiles that the operator may drop in."""
